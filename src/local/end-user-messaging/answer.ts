import type { Exception } from './exceptions.ts';
import { validation } from './exceptions.ts';
import type { Input } from './operations.ts';

/** What a management operation says: the members of its output, or an exception. */
export type Answer =
  | { readonly kind: 'answered'; readonly output: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly exception: Exception };

export const answered = (output: Readonly<Record<string, unknown>>): Answer => ({ kind: 'answered', output });
export const refused = (exception: Exception): Answer => ({ kind: 'refused', exception });

/** One operation over what the account has at that moment; its input has been checked against the model. */
export type Operate = (input: Input) => Answer;

export const stringOf = (input: Input, member: string): string | undefined => {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
};

/** The strings of a list; undefined where the list is absent or empty, which asks for everything. */
export function stringsOf(input: Input, member: string): readonly string[] | undefined {
  const value = input[member];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.filter((entry) => typeof entry === 'string');
}

/** A page of `all` under the member `name`: at most MaxResults from where NextToken left off, 100 unless asked for. */
export function pageOf(name: string, all: readonly unknown[], input: Input): Answer {
  const { MaxResults: most = 100 } = input;
  const token = stringOf(input, 'NextToken');
  const from = token === undefined ? 0 : startOf(name, token);
  if (from === undefined || from > all.length) {
    const problem = { field: 'NextToken', message: 'must be one that this operation has given' };
    return refused(validation('INVALID_NEXT_TOKEN', 'the token is not valid', [problem]));
  }
  const to = from + Number(most);
  return answered({ [name]: all.slice(from, to), ...(to < all.length ? { NextToken: tokenOf(name, to) } : {}) });
}

const tokenOf = (name: string, at: number) => Buffer.from(JSON.stringify([name, at])).toString('base64url');

function startOf(name: string, token: string): number | undefined {
  const [, at] = /^\["\w+",(\d{1,9})\]$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  return at !== undefined && token === tokenOf(name, Number(at)) ? Number(at) : undefined;
}
