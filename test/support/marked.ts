/** The secrets that tests use. None of them may show in any output: `leak-sink.setup.ts` sees to it. */
export const marked = {
  otp: '739146',
  otherOtp: '582037',
  phone: '+34612345678',
  otherPhone: '+33612345679',
  landline: '+34912345678',
  firstName: 'Xiomaraquel',
} as const;
