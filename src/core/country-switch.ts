/** Whether a country (and channel) is served: switched off means that Okta may send, blocked that nobody shall. */
export const countrySwitches = ['on', 'off', 'blocked'] as const;
export type CountrySwitch = (typeof countrySwitches)[number];
