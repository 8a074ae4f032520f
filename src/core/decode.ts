/** One thing that is wrong with an input: where, and what was expected there. Never holds the value. */
export interface Problem {
  /** `data.messageProfile.locale`, `issuers[0]`; empty for the input itself. */
  readonly path: string;
  readonly message: string;
}

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const invalid: unique symbol = Symbol('invalid');
type Invalid = typeof invalid;

/** Turns a value at a path into a `T`, or adds what is wrong to `problems` and gives `invalid`. */
export type Decoder<T> = (value: unknown, path: string, problems: Problem[]) => T | Invalid;

type TypeOf<D> = D extends Decoder<infer T> ? T : never;

/** Decodes an untrusted value; every problem is reported by its path, and no message quotes a value. */
export function decode<T>(decoder: Decoder<T>, value: unknown, path = ''): Decoded<T> {
  const problems: Problem[] = [];
  const result = decoder(value, path, problems);
  return result === invalid || problems.length > 0 ? { ok: false, problems } : { ok: true, value: result };
}

/**
 * Parses JSON without ever quoting it: the error of `JSON.parse` shows part of its input. The byte order mark that some
 * editors put first is passed over. https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 */
export function parseJson(text: string): Decoded<unknown> {
  try {
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch {
    return { ok: false, problems: [{ path: '', message: 'is not valid JSON' }] };
  }
}

/** `eventId is missing; data.messageProfile.locale must be a string`. */
export function renderProblems(problems: readonly Problem[], whole: string): string {
  const rendered = problems
    .slice(0, shownProblems)
    .map(({ path, message }) => `${path === '' ? whole : path} ${message}`);
  const more = problems.length - rendered.length;
  return [...rendered, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** More of them would bury the first, which often is the cause of the rest. */
const shownProblems = 20;

const below = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

function fail(problems: Problem[], path: string, message: string): Invalid {
  problems.push({ path, message });
  return invalid;
}

export interface StringRule {
  readonly max?: number;
  readonly pattern?: RegExp;
  /** What the pattern asks for, in words. */
  readonly expected?: string;
}

export function string(rule: StringRule = {}): Decoder<string> {
  return (value, path, problems) => {
    if (value === undefined) return fail(problems, path, 'is missing');
    if (typeof value !== 'string') return fail(problems, path, 'must be a string');
    if (value.trim() === '') return fail(problems, path, 'is empty');
    if (rule.max !== undefined && value.length > rule.max) {
      return fail(problems, path, `is longer than ${rule.max} characters`);
    }
    if (rule.pattern !== undefined && !rule.pattern.test(value)) {
      return fail(problems, path, `must be ${rule.expected ?? 'of another form'}`);
    }
    return value;
  };
}

export function number(rule: { readonly min?: number; readonly max?: number } = {}): Decoder<number> {
  return (value, path, problems) => {
    if (value === undefined) return fail(problems, path, 'is missing');
    if (typeof value !== 'number' || !Number.isFinite(value)) return fail(problems, path, 'must be a number');
    if (rule.min !== undefined && value < rule.min) return fail(problems, path, `must be at least ${rule.min}`);
    if (rule.max !== undefined && value > rule.max) return fail(problems, path, `must be at most ${rule.max}`);
    return value;
  };
}

export const integer = (rule: { readonly min?: number; readonly max?: number } = {}): Decoder<number> =>
  refine(number(rule), (value, refuse) => (Number.isInteger(value) ? value : refuse('must be a whole number')));

export const boolean: Decoder<boolean> = (value, path, problems) => {
  if (value === undefined) return fail(problems, path, 'is missing');
  return typeof value === 'boolean' ? value : fail(problems, path, 'must be true or false');
};

/** One of a closed set of strings. */
export function oneOf<const T extends string>(values: readonly T[]): Decoder<T> {
  return (value, path, problems) => {
    if (value === undefined) return fail(problems, path, 'is missing');
    const found = values.find((candidate) => candidate === value);
    return found ?? fail(problems, path, `must be one of ${values.join(', ')}`);
  };
}

/** Absent (or null) gives `undefined`. */
export function optional<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path, problems) =>
    value === undefined || value === null ? undefined : decoder(value, path, problems);
}

/** Null gives `undefined`, and has to be written: what is merely absent may have been forgotten. */
export function nullable<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path, problems) => {
    if (value === undefined) return fail(problems, path, 'is missing (null says that there is none)');
    return value === null ? undefined : decoder(value, path, problems);
  };
}

/** Absent gives `fallback`. */
export function withDefault<T>(decoder: Decoder<T>, fallback: T): Decoder<T> {
  return (value, path, problems) => (value === undefined ? fallback : decoder(value, path, problems));
}

export function array<T>(decoder: Decoder<T>): Decoder<readonly T[]> {
  return (value, path, problems) => {
    if (value === undefined) return fail(problems, path, 'is missing');
    if (!Array.isArray(value)) return fail(problems, path, 'must be a list');
    const items: T[] = [];
    let sound = true;
    value.forEach((item: unknown, index) => {
      const decoded = decoder(item, `${path}[${index}]`, problems);
      if (decoded === invalid) sound = false;
      else items.push(decoded);
    });
    return sound ? items : invalid;
  };
}

/** An object whose keys are data, such as a map of countries. */
export function record<T>(decoder: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, path, problems) => {
    if (!isObject(value)) return fail(problems, path, value === undefined ? 'is missing' : 'must be an object');
    const entries: [string, T][] = [];
    let sound = true;
    for (const [key, item] of Object.entries(value)) {
      const decoded = decoder(item, below(path, key), problems);
      if (decoded === invalid) sound = false;
      else entries.push([key, decoded]);
    }
    return sound ? Object.fromEntries(entries) : invalid;
  };
}

type Fields = Readonly<Record<string, Decoder<unknown>>>;
type Shape<F extends Fields> = { readonly [K in keyof F]: TypeOf<F[K]> };

/** An object of which only the named fields are read; others are ignored, since Okta may add some. */
export function object<const F extends Fields>(fields: F): Decoder<Shape<F>> {
  return (value, path, problems) => {
    if (!isObject(value)) return fail(problems, path, value === undefined ? 'is missing' : 'must be an object');
    const found: Record<string, unknown> = {};
    let sound = true;
    for (const [key, decoder] of Object.entries(fields)) {
      const decoded = decoder(Object.hasOwn(value, key) ? value[key] : undefined, below(path, key), problems);
      if (decoded === invalid) sound = false;
      else found[key] = decoded;
    }
    // The loop above has put a decoded value under every key of `fields`.
    return sound ? (found as Shape<F>) : invalid;
  };
}

/** Like `object`, and a key that is not named is a problem too: for files that people write. */
export function exactObject<const F extends Fields>(fields: F): Decoder<Shape<F>> {
  const known = object(fields);
  return (value, path, problems) => {
    const unknown = isObject(value) ? Object.keys(value).filter((key) => !Object.hasOwn(fields, key)) : [];
    for (const key of unknown) fail(problems, below(path, key), 'is not a known setting');
    const decoded = known(value, path, problems);
    return unknown.length > 0 ? invalid : decoded;
  };
}

/** Takes a decoded value one step further; `refuse` says what is wrong with it. */
export function refine<T, U>(
  decoder: Decoder<T>,
  step: (value: T, refuse: (message: string) => Invalid) => U | Invalid,
): Decoder<U> {
  return (value, path, problems) => {
    const decoded = decoder(value, path, problems);
    return decoded === invalid ? invalid : step(decoded, (message) => fail(problems, path, message));
  };
}

/** Chooses the decoder by looking at the raw value. */
export function choose<T>(pick: (value: unknown) => Decoder<T>): Decoder<T> {
  return (value, path, problems) => pick(value)(value, path, problems);
}

/** Runs a decoder of plain JavaScript functions where a parse function gives `Decoded`. */
export function embedded<T, U>(decoder: Decoder<T>, parse: (value: T) => Decoded<U>): Decoder<U> {
  return (value, path, problems) => {
    const decoded = decoder(value, path, problems);
    if (decoded === invalid) return invalid;
    const parsed = parse(decoded);
    if (parsed.ok) return parsed.value;
    for (const problem of parsed.problems) {
      problems.push({ path: problem.path === '' ? path : below(path, problem.path), message: problem.message });
    }
    return invalid;
  };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
