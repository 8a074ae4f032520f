import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Decoded } from './decode.ts';
import { Secret } from './secret.ts';

export const lineTypes = ['mobile', 'landline', 'mobile-or-landline', 'voip', 'other', 'unknown'] as const;
export type LineType = (typeof lineTypes)[number];

/** A telephone number that a message can be sent to. */
export interface Phone {
  /** `+` and up to 15 digits. */
  readonly e164: Secret;
  /** ISO 3166-1 alpha-2; undefined for numbers that belong to no country, such as +800 and +870. */
  readonly country: string | undefined;
  readonly lineType: LineType;
}

const lineTypeOf: Readonly<Record<string, LineType>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'landline',
  FIXED_LINE_OR_MOBILE: 'mobile-or-landline',
  VOIP: 'voip',
};

/**
 * Parses a number as Okta sends it: E.164, or E.164 without the `+` (as in Okta's own preview).
 *
 * A number that libphonenumber can read but does not know to be in use is accepted: its tables lag behind
 * the numbering plans, and the service has the last word. An extension is refused: a call could not dial it.
 * @see https://developer.okta.com/docs/guides/telephony-inline-hook/
 */
export function parsePhone(raw: string): Decoded<Phone> {
  const trimmed = raw.trim();
  const parsed = parsePhoneNumberFromString(trimmed.startsWith('+') ? trimmed : `+${trimmed}`);
  if (parsed === undefined || !/^\+[1-9][0-9]{6,14}$/.test(parsed.number)) {
    return refused('is not a telephone number in E.164 form');
  }
  if (parsed.ext !== undefined) return refused('has an extension, which a code cannot be sent to');
  const type = parsed.getType();
  return {
    ok: true,
    value: {
      e164: new Secret(parsed.number),
      // Undecided within a shared calling code: its main country comes first.
      country: parsed.country ?? parsed.getPossibleCountries()[0],
      lineType: type === undefined ? 'unknown' : (lineTypeOf[type] ?? 'other'),
    },
  };
}

const refused = (message: string): Decoded<Phone> => ({ ok: false, problems: [{ path: '', message }] });
