import { array, decode, object, optional, string } from '../core/decode.ts';
import { parseDeliveryLine } from '../core/delivery-line.ts';
import type { Facts, Unmet } from '../core/expectation.ts';
import { parseExpectation } from '../core/expectation.ts';
import type { Cause } from '../core/failure-policy.ts';
import { causeNames } from '../core/failure-policy.ts';
import type { HookVerdict } from '../core/hook-verdict.ts';
import type { Hop } from '../local/gateway.ts';
import type { ReceivedMessage } from '../local/phone.ts';

/** Where a simulated request can go. Okta itself as the one who fires the hook would be another. */
export type TargetName = 'local' | 'url' | 'invoke';

/** The way of one simulated request, as `test-call --json` prints it. */
export interface CallReport {
  readonly target: TargetName;
  readonly eventId: string;
  readonly request: {
    readonly channel: string;
    readonly locale: string | undefined;
    readonly requestType: string | undefined;
  };
  /** 0 ms for a token that an earlier call got; absent where none is needed. */
  readonly token?: { readonly ms: number; readonly clientId: string; readonly scope: string; readonly method: string };
  /** Who answered: API Gateway, or the function itself. */
  readonly gateway: { readonly status: number; readonly ms: number };
  /** What only the local cloud can see. */
  readonly authorizer?: Hop | undefined;
  readonly sender?: Hop | undefined;
  /** The sender's own log line of the delivery. */
  readonly delivery?: unknown;
  /** What arrived on the simulated phone: the one place where a code may show. */
  readonly phone?: readonly ReceivedMessage[];
  /** The body that Okta would get. */
  readonly reply: unknown;
  readonly verdict: HookVerdict;
  /** Where it went wrong, or where the code was stopped though Okta takes it for sent. */
  readonly failure?: HopFailure | undefined;
  readonly tookMs: number;
  /** Why no message went out, or none is known of: a cause, `no-message`; `no-dry-run` for one that was not asked for. */
  readonly unsent?: string | undefined;
  /** Absent where nothing was expected. */
  readonly unmet?: readonly Unmet[];
  readonly receipt?: unknown;
}

/** A hop that did not do its part, in words for an operator. */
export interface HopFailure {
  readonly hop: 'token endpoint' | 'firewall' | 'gateway' | 'authorizer' | 'sender' | 'catalog' | 'End User Messaging';
  readonly answered: string;
  readonly means: string;
  readonly next: string;
}

/** The sender's log line of a call, as far as it was seen. */
export const deliveryOf = (report: Pick<CallReport, 'delivery'>) => parseDeliveryLine(report.delivery);

const action = object({
  commands: array(
    object({
      value: array(
        object({
          status: string(),
          transactionId: optional(string()),
          transactionMetadata: optional(string()),
        }),
      ),
    }),
  ),
});

/** The text of the message, as far as the reply tells it; `none` for Okta's own. */
const textOf = (metadata: URLSearchParams) => {
  const told = (name: 'locale' | 'template') => {
    const read = parseExpectation(`${name}=${metadata.get(name) ?? ''}`);
    return read.ok ? read.value.value : undefined;
  };
  return { locale: told('locale'), template: told('template') };
};

/** What the reply itself tells: its metadata has channel and text, or the cause, and its transaction is the service's message. */
export function readReply(reply: unknown): {
  readonly status: string | undefined;
  readonly messageId: string | undefined;
  readonly channel: string | undefined;
  readonly locale: string | undefined;
  readonly template: string | undefined;
  readonly cause: Cause | undefined;
  /** Only the hook knows whether it has heeded that it was to be one. */
  readonly isDryRun: boolean;
} {
  const decoded = decode(action, reply);
  const value = decoded.ok ? decoded.value.commands[0]?.value[0] : undefined;
  const metadata = new URLSearchParams(value?.transactionMetadata?.replaceAll(';', '&').replaceAll(' ', '&') ?? '');
  return {
    status: value?.status ?? (isError(reply) ? 'ERROR' : undefined),
    messageId: value?.transactionId,
    channel: metadata.get('channel') ?? undefined,
    ...textOf(metadata),
    cause: causeNames.find((cause) => cause === metadata.get('cause')),
    isDryRun: value?.transactionMetadata?.startsWith('dry run') ?? false,
  };
}

const isError = (reply: unknown) => decode(object({ error: (value: unknown) => value !== undefined }), reply).ok;

/** In the place of a fact that a hook keeps to itself: an older sender, or somebody else's. */
export const notTold = 'not told';

/** What can be expected of a call, as it was. */
export function factsOf(report: CallReport): Facts {
  const reply = readReply(report.reply);
  const seen = deliveryOf(report);
  const accepted = seen?.attempts.find(({ outcome }) => outcome === 'accepted');
  const [message] = report.phone ?? [];
  const { template: chosen } = seen ?? {};
  const isUntold = seen === undefined && report.verdict.codeTakenForSent && reply.cause === undefined;
  return {
    status: reply.status,
    verdict: report.verdict.codeTakenForSent ? 'sent' : 'resent',
    http: report.gateway.status,
    maxMs: report.tookMs,
    channel: accepted?.channel ?? reply.channel,
    cause: seen?.cause ?? reply.cause,
    answer: seen?.answer,
    country: seen?.country,
    lineType: seen?.lineType,
    // The reply first: a chosen template may have been refused, and Okta's own text sent in its place.
    locale: reply.locale ?? chosen?.locale ?? (isUntold ? notTold : undefined),
    match: chosen?.match,
    template:
      reply.template ??
      (chosen === undefined ? undefined : (chosen.requestType ?? 'general')) ??
      (isUntold ? notTold : undefined),
    identity: (accepted ?? seen?.attempts.at(-1))?.identity,
    parts: message?.channel === 'sms' ? message.parts : undefined,
    encoding: message?.channel === 'sms' ? message.encoding : undefined,
    ledger: seen?.ledger,
  };
}
