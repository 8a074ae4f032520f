import { channels } from './channel.ts';
import type { Decoded, Decoder } from './decode.ts';
import { decode, oneOf, refine, string } from './decode.ts';
import { answers, causeNames } from './failure-policy.ts';
import { parseLocale } from './locale.ts';
import { lineTypes } from './phone.ts';
import { requestTypes } from './request-type.ts';

const wholeNumber = string({ max: 9, pattern: /^\d+$/, expected: 'a whole number' });
const text = string({ max: 256 });

/** What can be expected of a call, and in which form. `none` holds for whatever is not there. */
const forms = {
  status: oneOf(['SUCCESSFUL', 'PENDING', 'FAILED', 'ERROR', 'none']),
  verdict: oneOf(['sent', 'resent']),
  http: wholeNumber,
  maxMs: wholeNumber,
  channel: oneOf([...channels, 'none']),
  cause: oneOf([...causeNames, 'none']),
  answer: oneOf(['successful', ...answers]),
  country: string({ pattern: /^([A-Z]{2}|none)$/, expected: 'a country such as ES' }),
  lineType: oneOf(lineTypes),
  locale: refine(text, (value, refuse) =>
    value === 'none' ? value : (parseLocale(value) ?? refuse('must be a BCP 47 tag such as es-MX')),
  ),
  match: oneOf(['exact', 'less-specific', 'related', 'default', 'none']),
  template: oneOf([...requestTypes, 'general', 'none']),
  identity: text,
  parts: wholeNumber,
  encoding: oneOf(['GSM-7', 'UCS-2', 'none']),
  ledger: oneOf(['claimed', 'duplicate', 'in-flight', 'unreachable', 'off', 'skipped']),
  receipt: text,
} as const satisfies Readonly<Record<string, Decoder<string>>>;

export type FactName = keyof typeof forms;

export const factNames = Object.keys(forms).filter((name): name is FactName => Object.hasOwn(forms, name));

/** What is known of a call; `maxMs` is the time that it took. */
export type Facts = Readonly<Partial<Record<FactName, string | number | undefined>>>;

export interface Expectation {
  readonly name: FactName;
  readonly value: string;
}

/** An expectation that was not met. */
export interface Unmet {
  readonly name: FactName;
  readonly expected: string;
  readonly got: string;
}

/** Reads `name=value`; a problem's path is the name. */
export function parseExpectation(written: string): Decoded<Expectation> {
  const at = written.indexOf('=');
  const typed = at < 0 ? written : written.slice(0, at);
  const name = factNames.find((known) => known === typed);
  if (name === undefined) {
    return { ok: false, problems: [{ path: '', message: 'is nothing that can be expected of a call' }] };
  }
  const decoded = decode<string>(forms[name], at < 0 ? '' : written.slice(at + 1), name);
  return decoded.ok ? { ok: true, value: { name, value: decoded.value } } : decoded;
}

/** The expectations that a call did not meet. */
export function unmetBy(facts: Facts, expectations: readonly Expectation[]): readonly Unmet[] {
  return expectations.flatMap(({ name, value }) => {
    const known = facts[name];
    const met = name === 'maxMs' ? Number(known ?? Infinity) <= Number(value) : String(known ?? 'none') === value;
    if (met) return [];
    const [expected, got] =
      name === 'maxMs'
        ? [`at most ${value} ms`, known === undefined ? 'no time' : `${Math.round(Number(known))} ms`]
        : [value, String(known ?? 'none')];
    return [{ name, expected, got }];
  });
}
