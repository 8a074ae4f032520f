import type { Random } from '../simulator/random.ts';

/** JSON as it is written, with everything that `JSON.stringify` cannot write: the same key twice, `1e400`, `__proto__`. */
export type WrittenJson =
  | { readonly kind: 'object'; readonly entries: { key: string; value: WrittenJson }[] }
  | { readonly kind: 'list'; readonly items: { value: WrittenJson }[] }
  | { readonly kind: 'raw'; readonly text: string };

export const raw = (text: string): WrittenJson => ({ kind: 'raw', text });

export function toWritten(value: unknown): WrittenJson {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => ({ value: toWritten(item) })) };
  if (typeof value !== 'object' || value === null) return raw(JSON.stringify(value) ?? 'null');
  return { kind: 'object', entries: Object.entries(value).map(([key, item]) => ({ key, value: toWritten(item) })) };
}

export function write(json: WrittenJson): string {
  switch (json.kind) {
    case 'raw':
      return json.text;
    case 'list':
      return `[${json.items.map(({ value }) => write(value)).join(',')}]`;
    case 'object':
      return `{${json.entries.map(({ key, value }) => `${JSON.stringify(key)}:${write(value)}`).join(',')}}`;
  }
}

const deep = ([open, inner, close]: readonly [string, string, string], depth: number) =>
  raw(open.repeat(depth) + inner + close.repeat(depth));
const text = (value: string) => raw(JSON.stringify(value));

/** Values that nobody expects, whatever the field. */
const hostileValues = [
  ...['null', 'true', 'false', '0', '-0', '-1', '0.1', '7', '1e400', '-1e400', '1e-400', '9007199254740993'],
  ...['123456789012345678901234567890', `1${'0'.repeat(5000)}`, '[]', '{}', '[[]]', '[null]', '""', '" "'],
  // Halves of surrogate pairs, an escape that ends a line, and what is no JSON at all.
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\u000a"', "'single'", 'NaN', 'undefined', '"', '\\', ''],
  ...['{"__proto__":{"x":1}}', '{"__proto__":null}', '{"toString":1,"valueOf":1}', '{"length":1e9}', '{"0":"a"}'],
  ...['{"toJSON":"x"}', '{"constructor":{"prototype":{"x":1}}}', '{"then":1}', '{"":""}'],
].map(raw);

const hostileTexts = [
  ...['SMS', 'voice call', 'pigeon', 'ＳＭＳ', 'sms\u0000', 'İ', 'ß', '\ufeff', '\u202e123456', '\u200d'],
  ...['👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'Z̷̧̛͙̫̲̈́̈́a̵̡͎͑l̶̢̛g̸̛͕o̶͙͒', 'ﷺ'.repeat(200), 'e\u0301'.repeat(2000), 'x'.repeat(4096), 'x'.repeat(4097)],
  ...['{{otp}}', '{{firstName}}', '</speak><break/>', '&#x0;', "' OR 1=1 --", '../../etc/passwd', '%s%n', '${7*7}'],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'undefined', 'null', 'NaN', '[object Object]'],
  ...['en', 'EN_us', 'zh-Hant-HK', 'sr_Latn', 'i-klingon', 'und', 'C', 'en_US_POSIX', 'de-DE-u-co-phonebk'],
  ...['x-private', 'en-'.repeat(900), '-', '_', 'en--US', 'a'.repeat(9), 'en-u-', `en-${'abcde-'.repeat(100)}x`],
  ...['2026-01-28T21:48:40.000Z', '2026-13-45T99:99:99Z', '2026-01-28', '9999-12-31T23:59:59Z', 'now'],
  ...['0000-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '2026-01-28T21:43:40.001Z', '2026-01-28T21:44:00+14:00'],
  ...['+', '+0', '+1', `+${'9'.repeat(15)}`, '00', '+800 1234 5678', '+39 06 6982', 'tel:+1', '١٢٣'],
  ...['+1 (555) CALL-NOW', '+1 206 555 0100 ext. 9', 'dryrun-', 'dryrun-1', ' lead', 'trail ', '1769636620'],
  ...['com.okta.telephony.provider', 'com.okta.user.telephony.password-reset', 'com.okta.user.telephony.'],
  '/api/internal/v1/inlineHooks/com.okta.telephony.provider/generatePreview',
];

const hostileKeys = [
  ...['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', 'toJSON', 'then', 'length'],
  ...['', ' ', '0', '\u0000', '\ud800', 'ключ', 'x'.repeat(3000), 'data', 'messageProfile', 'request', 'value'],
];

const oneOf = <T>(items: readonly T[], random: Random, otherwise: T): T =>
  items[random.below(items.length)] ?? otherwise;
const hostileKey = (random: Random) => oneOf(hostileKeys, random, '__proto__');

/** One value that nobody expects. */
export function hostileValue(random: Random): WrittenJson {
  switch (random.below(10)) {
    case 0:
      return deep(['[', '', ']'], 1 + random.below(random.chance(0.1) ? 40_000 : 200));
    case 1:
      return deep(['{"a":', '1', '}'], 1 + random.below(random.chance(0.1) ? 5_000 : 100));
    case 2:
      return text(randomText(random, random.below(200)));
    case 3:
      return raw(String(random.below(2 ** 31)));
    case 4:
    case 5:
    case 6:
      return text(oneOf(hostileTexts, random, ''));
    default:
      return oneOf(hostileValues, random, raw('null'));
  }
}

/** Any UTF-16 code units, halves of pairs too. */
export const randomText = (random: Random, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(random.below(random.chance(0.7) ? 0x80 : 0x10000))).join('');

type Slot = { key?: string; value: WrittenJson };
interface Place {
  readonly slot: Slot;
  readonly siblings: Slot[];
  readonly path: string;
}

function placesIn(json: WrittenJson, path = ''): Place[] {
  if (json.kind === 'raw') return [];
  const siblings: Slot[] = json.kind === 'object' ? json.entries : json.items;
  return siblings.flatMap((slot) => {
    const own = `${path}/${slot.key ?? ''}`;
    return [{ slot, siblings, path: own }, ...placesIn(slot.value, own)];
  });
}

export interface Mutation {
  /** A value for a place, where a hostile one would be too easy to refuse. */
  readonly other?: (random: Random) => string;
  /** Paths, such as `/data/context`, whose values are shown by design: nothing is moved there. */
  readonly shown?: readonly string[];
}

/** Changes a document in one place: drops, repeats, replaces, nests, renames or swaps. */
export function mutate(json: WrittenJson, random: Random, { other, shown = [] }: Mutation = {}): void {
  const places = placesIn(json);
  const [first, ...rest] = places;
  if (first === undefined) return;
  const { slot, siblings, path } = random.pick([first, ...rest]);
  const at = siblings.indexOf(slot);
  switch (random.below(9)) {
    case 0:
      siblings.splice(at, 1);
      break;
    case 1:
      siblings.splice(random.below(siblings.length + 1), 0, { ...slot, value: hostileValue(random) });
      break;
    case 2:
      slot.value = random.chance(0.5)
        ? { kind: 'list', items: [{ value: slot.value }] }
        : { kind: 'object', entries: [{ key: hostileKey(random), value: slot.value }] };
      break;
    case 3:
      siblings.splice(at, 0, { ...slot, key: hostileKey(random), value: hostileValue(random) });
      break;
    case 4:
      if (slot.key !== undefined) slot.key = random.chance(0.5) ? hostileKey(random) : slot.key.toUpperCase();
      break;
    case 5: {
      const partner = random.pick([first, ...rest]);
      const nested = path.startsWith(`${partner.path}/`) || partner.path.startsWith(`${path}/`);
      if (nested || [path, partner.path].some((one) => shown.some((name) => one.startsWith(name)))) break;
      [slot.value, partner.slot.value] = [partner.slot.value, slot.value];
      break;
    }
    case 6:
      if (other !== undefined && !shown.some((name) => path.startsWith(name))) slot.value = text(other(random));
      break;
    default:
      slot.value = hostileValue(random);
  }
}

/** Damages the text of a document, so that it hardly ever is one any more. */
export function damage(document: string, random: Random): string {
  const from = random.below(document.length + 1);
  const to = from + random.below(random.chance(0.5) ? 3 : document.length - from + 1);
  const [before, middle, after] = [document.slice(0, from), document.slice(from, to), document.slice(to)];
  switch (random.below(8)) {
    case 0:
      return before;
    case 1:
      return before + after;
    case 2:
      return before + middle + middle + after;
    case 3:
      return before + randomText(random, 1 + random.below(4)) + after;
    case 4:
      return document + random.pick(['\u0000', '{}', ',', 'x', '\n', ']']);
    case 5:
      return `\ufeff${document}`;
    case 6:
      return randomText(random, random.below(400));
    default:
      return Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))).toString('latin1');
  }
}
