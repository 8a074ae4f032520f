import { sendRefusals } from '../aws/refusals.ts';
import type { Decoder } from '../core/decode.ts';
import { exactObject, integer, oneOf, optional, refine, string, withDefault } from '../core/decode.ts';
import type { Fault as MessagingFault } from '../local/end-user-messaging/faults.ts';
import type { Fault } from '../local/fault.ts';

/** What is wrong with the world of a running `dev`, as the page sets it. */
export interface FaultSettings {
  readonly messaging: MessagingTrouble;
  readonly dynamodb: Trouble;
  readonly okta: Trouble;
  readonly queue: Trouble;
  /** Of API Gateway, one of `gatewayTroubles`: whoever calls it gets an answer. */
  readonly gateway: Trouble;
  /** `expired`: the key set no longer has the key that the token was signed with. `unreachable`: it cannot be fetched. */
  readonly keys: 'sound' | 'expired' | 'unreachable';
  /** How far Okta's clock is ahead of the functions'; below zero, behind. */
  readonly clockSkewSeconds: number;
  /** How often Okta delivers an event that is composed on the page. */
  readonly copies: number;
}

export interface Trouble {
  readonly kind: (typeof troubles)[number];
  readonly ms?: number | undefined;
}

export interface MessagingTrouble {
  readonly kind: (typeof messagingTroubles)[number];
  readonly ms?: number | undefined;
  /** Of an exception. */
  readonly exception?: (typeof exceptionNames)[number] | undefined;
  readonly reason?: string | undefined;
}

export const troubles = ['none', 'latency', 'throttling', 'outage', 'reset', 'hang'] as const;
export const gatewayTroubles = ['none', 'latency', 'throttling', 'outage'] as const;
export const exceptionNames = [
  'AccessDeniedException',
  'ConflictException',
  'InternalServerException',
  'ResourceNotFoundException',
  'ServiceQuotaExceededException',
  'ThrottlingException',
  'ValidationException',
] as const;
export const messagingTroubles = [
  'none',
  'latency',
  'throttling',
  'exception',
  'outage',
  'reset',
  'hang',
  'reset-reused',
  'accept-then-reset',
] as const;

export const noFaults: FaultSettings = {
  messaging: { kind: 'none' },
  dynamodb: { kind: 'none' },
  okta: { kind: 'none' },
  queue: { kind: 'none' },
  gateway: { kind: 'none' },
  keys: 'sound',
  clockSkewSeconds: 0,
  copies: 1,
};

/** Longer than anybody waits. */
const latency = optional(integer({ min: 0, max: 60_000 }));

/** When nothing else is said: enough to miss Okta's three seconds. */
const defaultLatencyMs = 2_500;

const trouble: Decoder<Trouble> = exactObject({ kind: oneOf(troubles), ms: latency });

const gatewayTrouble: Decoder<Trouble> = exactObject({ kind: oneOf(gatewayTroubles), ms: latency });

const messagingTrouble: Decoder<MessagingTrouble> = refine(
  exactObject({
    kind: oneOf(messagingTroubles),
    ms: latency,
    exception: optional(oneOf(exceptionNames)),
    reason: optional(string()),
  }),
  (written, refuse) => {
    if (written.kind !== 'exception') return written;
    const reasons = sendRefusals[written.exception ?? ''] ?? [];
    if (written.exception === undefined) return refuse('must name the exception');
    if (written.reason !== undefined && !reasons.includes(written.reason)) {
      return refuse('must have a reason of its exception');
    }
    return written;
  },
);

/** Decodes faults as the page sends them; what is not named is sound. */
export const faultSettings: Decoder<FaultSettings> = exactObject({
  messaging: withDefault(messagingTrouble, noFaults.messaging),
  dynamodb: withDefault(trouble, noFaults.dynamodb),
  okta: withDefault(trouble, noFaults.okta),
  queue: withDefault(trouble, noFaults.queue),
  gateway: withDefault(gatewayTrouble, noFaults.gateway),
  keys: withDefault(oneOf(['sound', 'expired', 'unreachable']), noFaults.keys),
  // A day: further off than any clock that still keeps time.
  clockSkewSeconds: withDefault(integer({ min: -86_400, max: 86_400 }), noFaults.clockSkewSeconds),
  copies: withDefault(integer({ min: 1, max: 20 }), noFaults.copies),
});

/** The fault of a server of the local cloud. */
export function toFault({ kind, ms = defaultLatencyMs }: Trouble): Fault | undefined {
  if (kind === 'none') return undefined;
  return kind === 'latency' ? { kind, ms } : { kind };
}

/** The fault of the local End User Messaging. */
export function toMessagingFault(trouble: MessagingTrouble): MessagingFault | undefined {
  const { kind, ms = defaultLatencyMs, exception, reason } = trouble;
  switch (kind) {
    case 'none':
      return undefined;
    case 'latency':
      return { kind, ms };
    case 'throttling':
      return { kind: 'exception', name: 'ThrottlingException' };
    case 'exception':
      return { kind, name: exception ?? 'InternalServerException', reason };
    default:
      return { kind };
  }
}
