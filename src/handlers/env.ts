import type { Decoder } from '../core/decode.ts';
import { embedded, parseJson, refine, string } from '../core/decode.ts';

/** A function's environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Some settings are missing or malformed: all of them, by name. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A setting that is absent when it is empty, as CloudFormation writes it. */
export function setting<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path, problems) => (value === undefined || value === '' ? undefined : decoder(value, path, problems));
}

/** A whole number in a string. */
export const wholeNumber = (rule: { readonly min: number; readonly max: number }): Decoder<number> =>
  refine(string({ max: 16, pattern: /^\d+$/, expected: 'a whole number' }), (text, refuse) => {
    const value = Number(text);
    return value >= rule.min && value <= rule.max ? value : refuse(`must be between ${rule.min} and ${rule.max}`);
  });

/** JSON in a string. */
export const json = <T>(decoder: Decoder<T>): Decoder<T> =>
  refineJson(embedded(string({ max: 4096 }), parseJson), decoder);

function refineJson<T>(parsed: Decoder<unknown>, decoder: Decoder<T>): Decoder<T> {
  return (value, path, problems) => {
    const before = problems.length;
    const found = parsed(value, path, problems);
    return decoder(problems.length > before ? undefined : found, path, problems.length > before ? [] : problems);
  };
}

/** An address that may be called: `https:`, or `http:` on a loopback literal for tests and the local cloud. */
export const endpoint: Decoder<string> = refine(string({ max: 1024 }), (text, refuse) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return refuse('must be a URL');
  const loopback = url.protocol === 'http:' && (url.hostname === '127.0.0.1' || url.hostname === '[::1]');
  if (url.protocol !== 'https:' && !loopback) return refuse('must be an https: URL');
  if (url.username !== '' || url.password !== '') return refuse('must not hold credentials');
  return text.replace(/\/+$/, '');
});
