import { isObject, parseJson } from '../core/decode.ts';
import type { Printed } from '../local/cloud.ts';

/** What the functions printed while they served one request. */
export interface PrintedLines {
  /** The sender's line of the delivery. */
  readonly record?: unknown;
  /** Why the authorizer did not let the request pass, in words. */
  readonly authorizer?: string | undefined;
  /** Why the sender did not answer, in words. */
  readonly sender?: string | undefined;
}

type PrintedLine =
  | { readonly kind: 'delivery'; readonly record: unknown }
  | { readonly kind: 'authorization'; readonly reason: string | undefined }
  /** Nothing is wrong, or another line has said it. */
  | { readonly kind: 'expected' }
  | { readonly kind: 'other'; readonly text: string; readonly reason: string };

/** A stack says it all in less. */
const longestLine = 4_000;

/** Of the verifier's library: the local issuer is on 127.0.0.1 and has no certificate. */
const insecureIssuer = 'Warning: HTTPS check is disabled.';

/** By which the authorizer tells API Gateway what to answer. */
const verdicts: readonly unknown[] = ['Unauthorized', 'KeySetUnavailable'];

/** Tells the line that a function prints of every request from those that it prints when something is wrong. */
export function readLine(text: string): PrintedLine {
  const parsed = parseJson(text);
  if (parsed.ok && isObject(parsed.value)) {
    const { type, outcome, reason } = parsed.value;
    if (type === 'delivery') return { kind: 'delivery', record: parsed.value };
    if (type === 'authorization') {
      if (outcome === 'unavailable') return { kind: 'authorization', reason: 'the issuer gave no key set' };
      return { kind: 'authorization', reason: typeof reason === 'string' ? reason : undefined };
    }
  }
  // As Lambda's runtime logs what a function throws: ERROR, where, and the error as JSON, between tabs.
  const [level, , json] = text.split('\t');
  const thrown = level === 'ERROR' ? parseJson(json ?? '') : undefined;
  if (thrown?.ok && isObject(thrown.value)) {
    const { errorType, errorMessage } = thrown.value;
    if (verdicts.includes(errorMessage)) return { kind: 'expected' };
    return other(text, `${String(errorType)}, ${String(errorMessage)}`);
  }
  return text.startsWith(insecureIssuer) ? { kind: 'expected' } : other(text, text);
}

const other = (text: string, reason: string): PrintedLine => ({
  kind: 'other',
  text: text.slice(0, longestLine),
  reason: reason.slice(0, longestLine),
});

/** Adds a line to what was printed of the same request; the last reason is the one that ended it. */
export function withLine(lines: PrintedLines, by: Printed['by'], line: PrintedLine): PrintedLines {
  switch (line.kind) {
    case 'delivery':
      return { ...lines, record: line.record };
    case 'authorization':
      return { ...lines, authorizer: line.reason };
    case 'expected':
      return lines;
    case 'other':
      return { ...lines, [by]: line.reason };
  }
}
