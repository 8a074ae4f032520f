import type { Decoder } from './decode.ts';
import { array, exactObject, optional, string, withDefault } from './decode.ts';
import type { Secret } from './secret.ts';

/** Numbers that are treated apart, exactly (`+34612345678`) or by prefix (`+3461*`). */
export interface NumberList {
  /** Never throttled or denied: help desks, executives. */
  readonly allow: readonly string[];
  /** Never sent to. */
  readonly deny: readonly string[];
}

const entry = string({
  pattern: /^\+[1-9]\d{0,14}\*?$/,
  expected: 'a number in E.164 form, or the start of one with * behind it',
});
const entries = withDefault(array(entry), []);

/** Decodes `numbers.json`. */
export const numberList: Decoder<NumberList> = exactObject({
  $schema: optional(string()),
  allow: entries,
  deny: entries,
});

/** Whether a number is on the list; to be allowed wins, so that one desk of a denied range can be let through. */
export function standingOf({ allow, deny }: NumberList, e164: Secret): 'allowed' | 'denied' | 'unlisted' {
  const number = e164.reveal();
  const isOn = (list: readonly string[]) =>
    list.some((listed) => (listed.endsWith('*') ? number.startsWith(listed.slice(0, -1)) : number === listed));
  if (isOn(allow)) return 'allowed';
  return isOn(deny) ? 'denied' : 'unlisted';
}
