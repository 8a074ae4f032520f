import type { CatalogSource } from './catalog-cache.ts';
import type { Channel } from './channel.ts';
import type { Answer, Cause } from './failure-policy.ts';
import { isFailure } from './failure-policy.ts';
import type { LocaleMatch } from './locale.ts';
import type { LineType } from './phone.ts';
import type { RequestType } from './request-type.ts';

/** One send that was tried. */
export interface AttemptRecord {
  readonly channel: Channel;
  /** Whom it came from; of a phone number only the ends. */
  readonly identity: string;
  /** The text: the catalog's template, or the one that Okta had rendered. */
  readonly text: 'template' | 'okta';
  readonly outcome: 'accepted' | Cause;
  /** The request went out twice, and the message perhaps too. */
  readonly resent?: true | undefined;
  readonly ms: number;
}

/** How the ledger took the event; `off` without a ledger, `skipped` for Okta's preview. */
export type LedgerState = 'claimed' | 'duplicate' | 'in-flight' | 'unreachable' | 'off' | 'skipped';

/**
 * Everything that may be told of one delivery: no code, no number, no name. It is the log line, the failure record and
 * what `test-call` explains; its JSON schema is `schemas/delivery-record.schema.json`.
 */
export interface DeliveryRecord {
  readonly type: 'delivery';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly eventId: string;
  /** Okta's id of the request that asked for the code. */
  readonly oktaRequestId?: string | undefined;
  readonly outcome: 'accepted' | 'refused' | 'duplicate';
  readonly answer: 'successful' | Answer;
  /** Why nothing was accepted. */
  readonly cause?: Cause | undefined;
  readonly messageId?: string | undefined;
  /** What Okta asked for. */
  readonly channel: Channel;
  readonly requestType?: RequestType | undefined;
  readonly country?: string | undefined;
  readonly lineType: LineType;
  /** Keyed hash of the number, where a key is configured. */
  readonly numberHash?: string | undefined;
  readonly dryRun: boolean;
  readonly preview: boolean;
  readonly template?:
    | { readonly locale: string; readonly match: LocaleMatch; readonly requestType?: RequestType | undefined }
    | undefined;
  /** The BCP 47 tag that Okta named. */
  readonly wantedLocale?: string | undefined;
  readonly attempts: readonly AttemptRecord[];
  readonly catalog?: { readonly version: number; readonly source: CatalogSource } | undefined;
  readonly ledger: LedgerState;
  /** What had not finished when the answer had to go. */
  readonly unfinished: readonly ('ledger' | 'failure-queue' | 'catalog')[];
  readonly ms: {
    /** Claim and catalog, which run side by side. */
    readonly prepare: number;
    readonly send: number;
    readonly settle: number;
    readonly total: number;
  };
  /** Milliseconds to the instant when the answer was due. */
  readonly leftMs: number;
}

/** Metrics of one delivery, by the names that alarms and dashboards use. */
export function metricsOf(record: DeliveryRecord): Readonly<Record<string, number>> {
  const count = (condition: boolean) => (condition ? 1 : 0);
  // A dry run is no delivery: it is counted apart, or a canary would hide an outage.
  if (record.dryRun) return { DryRuns: 1, DryRunFailures: count(record.outcome === 'refused') };
  const isRefused = record.outcome === 'refused';
  const isFallback = isRefused && record.answer === 'fallback';
  const failed = isRefused && wentWrong(record);
  return {
    Deliveries: 1,
    Accepted: count(record.outcome === 'accepted'),
    Refused: count(isRefused),
    Failures: count(failed),
    Duplicates: count(record.outcome === 'duplicate' || record.cause === 'duplicate-in-flight'),
    Fallbacks: count(isFallback && failed),
    // A kill switch, a country that is not rolled out yet: no alarm may take them for an outage.
    ChosenFallbacks: count(isFallback && !failed),
    Suppressed: count(record.answer === 'suppress'),
    Errors: count(record.answer === 'error'),
    MissedDeadlines: count(record.leftMs <= 0),
    AmbiguousSends: count(record.attempts.some((attempt) => attempt.outcome === 'ambiguous')),
    Resends: count(record.attempts.some((attempt) => attempt.resent === true)),
    LedgerUnreachable: count(record.ledger === 'unreachable'),
    // The answer could not be kept: a duplicate after the deadline would be taken for the first.
    LedgerUnsettled: count(record.unfinished.includes('ledger')),
    CatalogStale: count(record.catalog !== undefined && record.catalog.source !== 'table'),
    TotalMs: record.ms.total,
    SendMs: record.ms.send,
  };
}

/** Whether anything failed on the way, be it that a choice decided in the end: a block may come after an outage. */
const wentWrong = ({ cause, attempts }: DeliveryRecord) =>
  [cause, ...attempts.map(({ outcome }) => outcome)].some(
    (outcome) => outcome !== undefined && outcome !== 'accepted' && isFailure(outcome),
  );
