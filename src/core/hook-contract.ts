import type { Decoded, Decoder, Problem } from './decode.ts';
import { choose, decode, isObject, oneOf, refine, string } from './decode.ts';
import { hookEventType, hookFields, parseHookRequest } from './hook-request.ts';
import { parseLocale } from './locale.ts';
import { requestTypePrefix } from './request-type.ts';

/** A hook request as it is sent: JSON, whatever it holds. */
export type HookBody = Readonly<Record<string, unknown>>;

/** One field of a request, and what it shall be: `data.messageProfile.locale=pt-BR`. */
export interface Assignment {
  readonly path: string;
  readonly value: string;
}

const orEmpty = (decoder: Decoder<unknown>): Decoder<unknown> =>
  choose<unknown>((value) => (value === '' ? () => '' : decoder));

/** Okta sends an empty string where it has nothing to say. */
const text = orEmpty(string({ max: 4096 }));
const word = string({ max: 256, pattern: /^\S+$/, expected: 'free of white space' });

const locale = orEmpty(
  refine(string({ max: 64 }), (value, refuse) =>
    parseLocale(value) === undefined ? refuse('must be a BCP 47 tag such as pt-BR') : value,
  ),
);

const requestType = string({
  max: 256,
  pattern: new RegExp(`^${requestTypePrefix.replaceAll('.', '\\.')}[a-z][a-z-]*$`),
  expected: `of the form ${requestTypePrefix}mfa-verification`,
});

/**
 * Every field of Okta's request with what it may hold: the documented sample, leaf by leaf. All of them are strings.
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/InlineHook/
 */
const fields: ReadonlyMap<string, Decoder<unknown>> = new Map(
  Object.entries<Decoder<unknown>>({
    eventId: hookFields.eventId,
    eventTime: hookFields.instant,
    eventType: oneOf([hookEventType]),
    eventTypeVersion: word,
    contentType: word,
    cloudEventVersion: word,
    source: word,
    requestType,
    'data.context.request.id': word,
    'data.context.request.method': string({ max: 16, pattern: /^[A-Z]+$/, expected: 'an HTTP method' }),
    'data.context.request.url.value': word,
    'data.context.request.ipAddress': string({ max: 45, pattern: /^[0-9A-Fa-f.:]+$/, expected: 'an IP address' }),
    'data.userProfile.firstName': text,
    'data.userProfile.lastName': text,
    'data.userProfile.login': text,
    'data.userProfile.userId': text,
    'data.messageProfile.msgTemplate': text,
    'data.messageProfile.phoneNumber': hookFields.phone,
    'data.messageProfile.otpExpires': orEmpty(hookFields.instant),
    'data.messageProfile.deliveryChannel': hookFields.channel,
    'data.messageProfile.otpCode': hookFields.otp,
    'data.messageProfile.locale': locale,
  }),
);

export const contractPaths: readonly string[] = [...fields.keys()];

/** Whether a field may hold a value: a problem names the field, and never what it was to hold. */
export function checkAssignment({ path, value }: Assignment): readonly Problem[] {
  const decoder = fields.get(path);
  if (decoder === undefined) return [{ path, message: 'is no field of the hook request' }];
  const decoded = decode(decoder, value, path);
  return decoded.ok ? [] : decoded.problems;
}

/** The fields of the contract that a mistyped path may have meant: those that end or begin as it does. */
export function pathsLike(path: string): readonly string[] {
  const lastOf = (of: string) => of.slice(of.lastIndexOf('.') + 1).toLowerCase();
  return contractPaths.filter((known) => known.startsWith(`${path}.`) || lastOf(known) === lastOf(path));
}

/** The request with one field set; the objects on the way are made where they are missing. */
export function setField(body: HookBody, { path, value }: Assignment): HookBody {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...body, [key]: value };
  const inner = Object.hasOwn(body, key) ? body[key] : undefined;
  return { ...body, [key]: setField(isObject(inner) ? inner : {}, { path: rest.join('.'), value }) };
}

export interface CheckedBody {
  readonly body: HookBody;
  /** What it has and the contract does not: Okta may have added something. */
  readonly unknownPaths: readonly string[];
}

/** Checks a whole request: the decoder reads it, and every field of the contract that is there holds what it may. */
export function checkHookBody(value: unknown): Decoded<CheckedBody> {
  if (!isObject(value)) return { ok: false, problems: [{ path: '', message: 'must be an object' }] };
  const leaves = leavesOf(value);
  const read = parseHookRequest(value);
  const problems = leaves.flatMap(([path, leaf]) => {
    const decoder = fields.get(path);
    const decoded = decoder === undefined || leaf === null ? undefined : decode(decoder, leaf, path);
    return decoded === undefined || decoded.ok ? [] : decoded.problems;
  });
  const known = new Set(problems.map(({ path }) => path));
  const all = [...problems, ...(read.ok ? [] : read.problems.filter(({ path }) => !known.has(path)))];
  if (all.length > 0) return { ok: false, problems: all };
  const unknownPaths = leaves.map(([path]) => path).filter((path) => !fields.has(path));
  return { ok: true, value: { body: value, unknownPaths } };
}

const leavesOf = (value: HookBody, above = ''): readonly (readonly [path: string, leaf: unknown])[] =>
  Object.entries(value).flatMap(([key, inner]) =>
    isObject(inner) ? leavesOf(inner, `${above}${key}.`) : [[`${above}${key}`, inner] as const],
  );
