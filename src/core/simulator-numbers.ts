/** That of the United States that reports success, for where any will do. https://docs.aws.amazon.com/sms-voice/latest/userguide/test-phone-numbers.html#test-phone-numbers-destination */
export const usSimulatorNumber = '+14254147755';

/**
 * The service's own destinations for SMS that stay within it and are reported as delivered, by country. An SMS to them
 * is accepted only from a number of the same country.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/test-phone-numbers.html
 */
export const simulatorNumbers: Readonly<Record<string, string>> = {
  AU: '+61455944038',
  AT: '+43676800442031',
  BE: '+32460213922',
  CH: '+41798075872',
  CL: '+56229140630',
  CZ: '+420790542286',
  DK: '+4525919410',
  EE: '+37282720792',
  ES: '+34683783440',
  FI: '+3584573979110',
  FR: '+33755512501',
  GB: '+447860019066',
  HK: '+85257048426',
  HU: '+36707178770',
  IT: '+394390009172',
  JE: '+447937404990',
  LU: '+352691385880',
  NL: '+3197008100148',
  NO: '+4759449384',
  PL: '+48732141440',
  PT: '+351927946948',
  RO: '+40783900330',
  SE: '+46790645100',
  TW: '+886903444630',
  US: usSimulatorNumber,
};
