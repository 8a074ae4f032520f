import { causes } from '../core/failure-policy.ts';
import { dryRunPrefix } from '../core/hook-request.ts';
import type { CallReport } from './call-report.ts';
import { deliveryOf, readReply } from './call-report.ts';

/** Whether a message went out for a call: what Okta takes for sent need not be. */
export interface WhatWasSent {
  readonly kind: 'message' | 'dry-run' | 'nothing' | 'unknown';
  /** In one word, for lists and JSON; undefined for a message, and for a dry run that found nothing wrong. */
  readonly why: string | undefined;
  /** For a person; undefined for a message that was asked for. */
  readonly words: string | undefined;
}

/** Tells from the reply whether a message went out. */
export function whatWasSent(report: Pick<CallReport, 'eventId' | 'reply' | 'gateway' | 'delivery'>): WhatWasSent {
  const { messageId, isDryRun, ...reply } = readReply(report.reply);
  const cause = deliveryOf(report)?.cause ?? reply.cause;
  const because = cause === undefined ? '' : `: ${causes[cause].words} (${cause})`;
  if (isDryRun) return { kind: 'dry-run', why: cause, words: `dry run: nothing was sent${because}` };
  // The one cause of which nobody knows.
  if (cause === 'ambiguous') return { kind: 'unknown', why: cause, words: causes.ambiguous.words };
  if (cause !== undefined) return { kind: 'nothing', why: cause, words: `nothing was sent${because}` };
  const wasToBeDry = report.eventId.startsWith(dryRunPrefix);
  if (messageId !== undefined) {
    if (!wasToBeDry) return { kind: 'message', why: undefined, words: undefined };
    return {
      kind: 'message',
      why: 'no-dry-run',
      words: 'the hook does not say that this was a dry run: it has probably sent a message',
    };
  }
  // A gateway that gave up does not know what its function did.
  const { status } = report.gateway;
  if (status !== 200) return { kind: status >= 500 ? 'unknown' : 'nothing', why: undefined, words: undefined };
  return { kind: 'nothing', why: 'no-message', words: 'nothing was sent: the reply names no message' };
}
