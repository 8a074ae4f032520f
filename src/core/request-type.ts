/** What a code is for; the last part of Okta's `requestType`. */
export const requestTypes = ['pre-enrollment', 'mfa-verification', 'account-unlock', 'password-reset'] as const;
export type RequestType = (typeof requestTypes)[number];

export const requestTypePrefix = 'com.okta.user.telephony.';
