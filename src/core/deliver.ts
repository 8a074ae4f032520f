import type { CatalogCache, CurrentCatalog } from './catalog-cache.ts';
import type { TakenEvent } from './claim.ts';
import { takeEvent } from './claim.ts';
import type { Deadline } from './deadline.ts';
import { sooner, within } from './deadline.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { Cause } from './failure-policy.ts';
import { sentenceFor } from './failure-policy.ts';
import type { FailureQueue } from './failure-queue.ts';
import type { HookRequest } from './hook-request.ts';
import type { HookReply } from './hook-response.ts';
import { actionReply, answerIn, errorReply } from './hook-response.ts';
import type { Rung } from './ladder.ts';
import type { Ledger } from './ledger.ts';
import { parseLocale } from './locale.ts';
import type { Secret } from './secret.ts';
import type { SendDeps, SendResult, SentCode } from './send-code.ts';
import { refusal, sendCode } from './send-code.ts';

export interface DeliverDeps extends SendDeps {
  readonly catalog: CatalogCache;
  /** Absent: every event is delivered as if it came once. */
  readonly ledger?: Ledger | undefined;
  readonly failures?: FailureQueue | undefined;
  /** A keyed hash, for a number that has to be recognised without being kept. */
  readonly hashNumber?: ((e164: Secret) => string) | undefined;
  /** A name for this delivery that no other bears. */
  readonly newOwner: () => string;
  /** Stands in Okta's System Log as who delivered. */
  readonly provider: string;
}

export interface Delivery {
  readonly reply: HookReply;
  readonly record: DeliveryRecord;
}

/** Claim and pointer share one round trip before the send; a table slower than this is not waited for. */
const prepareMs = 400;

/** The first load in a container is worth a longer wait: what it would deliver with otherwise may be old. */
const firstLoadMs = 1_000;

/** For what is still to be written when the answer is known. */
const settleMs = 150;

/** Kept free after it: work that ended with the deadline itself would take the answer past it. */
const answerMs = 20;

/** Delivers one code and says what Okta is to be told: the whole of it, top to bottom. Over by the deadline. */
export async function deliver(deps: DeliverDeps, request: HookRequest, deadline: Deadline): Promise<Delivery> {
  const { clock } = deps;
  const startedAt = clock.now();
  const owner = deps.newOwner();

  const [event, catalog] = await Promise.all([claim(deps, request, owner, deadline), load(deps, deadline)]);
  const preparedAt = clock.now();

  const sent = await send(deps, request, event, catalog, deadline);
  const reply = event.reply ?? replyTo(deps, request, sent.result);
  const sentAt = clock.now();

  const told = { event, catalog, sent, reply };
  const times = { deadline, startedAt, preparedAt, sentAt };
  const unfinished = await settle(deps, request, owner, told, recordOf(deps, request, told, times, []), deadline);
  return { reply, record: recordOf(deps, request, told, times, unfinished) };
}

/** Everything that is known of a delivery once Okta's answer is. */
interface Told {
  readonly event: TakenEvent;
  readonly catalog: CurrentCatalog | undefined;
  readonly sent: SentCode;
  readonly reply: HookReply;
}

interface Times {
  readonly deadline: Deadline;
  readonly startedAt: number;
  readonly preparedAt: number;
  readonly sentAt: number;
}

/** Until when preparing may take, so that a send still fits in. */
const prepareBy = ({ clock, latency }: DeliverDeps, deadline: Deadline, ms: number) =>
  sooner(clock, deadline, Math.min(ms, deadline.leftMs() - latency.neededMs()));

async function claim(deps: DeliverDeps, request: HookRequest, owner: string, deadline: Deadline): Promise<TakenEvent> {
  const { clock, ledger } = deps;
  if (ledger === undefined) return { state: 'off' };
  // Okta's preview sends the same event id over and over.
  if (request.isPreview) return { state: 'skipped' };
  const waits = { claimBy: prepareBy(deps, deadline, prepareMs), until: deadline };
  return await takeEvent({ clock, ledger }, { eventId: request.eventId, owner }, waits);
}

async function load(deps: DeliverDeps, deadline: Deadline): Promise<CurrentCatalog | undefined> {
  return await deps.catalog.current({
    loadBy: prepareBy(deps, deadline, firstLoadMs),
    revalidateBy: prepareBy(deps, deadline, prepareMs),
    until: deadline,
  });
}

async function send(
  deps: DeliverDeps,
  request: HookRequest,
  event: TakenEvent,
  catalog: CurrentCatalog | undefined,
  deadline: Deadline,
): Promise<SentCode> {
  const unsent = (cause: Cause): SentCode => ({
    result: refusal(cause, deps.answers),
    attempts: [],
    template: undefined,
  });
  if (event.state === 'in-flight' || event.state === 'duplicate') return unsent('duplicate-in-flight');
  if (catalog === undefined) return unsent('no-catalog');
  return await sendCode(deps, request, catalog, deadline);
}

function replyTo({ provider }: DeliverDeps, request: HookRequest, result: SendResult): HookReply {
  const dryRun = request.isDryRun ? 'dry run, nothing was sent; ' : '';
  if (result.kind === 'accepted') {
    const metadata = `${dryRun}channel=${result.rung.channel}; ${textTold(result.rung)}`;
    return actionReply('SUCCESSFUL', { provider, transactionId: result.messageId, metadata });
  }
  const metadata = `${dryRun}cause=${result.cause}`;
  switch (result.answer) {
    case 'fallback':
      return actionReply('FAILED', { provider, metadata });
    case 'suppress':
      return actionReply('SUCCESSFUL', { provider, metadata });
    case 'error':
      return errorReply(sentenceFor(result.cause));
  }
}

/** Which text it was, by the catalog's own names: what the user asked for stays untold. */
function textTold({ text }: Rung): string {
  if (text.kind === 'okta') return 'locale=none; template=none';
  const { locale, template } = text.chosen;
  return `locale=${locale}; template=${template.requestType ?? 'general'}`;
}

/** Writes what has to be kept, all at once, and says what had not finished when the answer had to go. */
async function settle(
  deps: DeliverDeps,
  request: HookRequest,
  owner: string,
  { event, reply, sent }: Told,
  record: DeliveryRecord,
  deadline: Deadline,
): Promise<DeliveryRecord['unfinished']> {
  const { clock, ledger, failures, catalog } = deps;
  const by = sooner(clock, deadline, Math.min(settleMs, deadline.leftMs() - answerMs));
  const { eventId } = request;
  const keepsAnswer = event.state === 'claimed' || event.state === 'unreachable';
  const isFailure = sent.result.kind === 'refused' && event.reply === undefined && !request.isDryRun;

  const work: [DeliveryRecord['unfinished'][number], (signal: AbortSignal) => Promise<void>][] = [
    ['catalog', (signal) => catalog.end(signal)],
  ];
  if (ledger !== undefined && keepsAnswer) {
    work.push(['ledger', (signal) => ledger.settle({ eventId, owner, now: clock.now(), reply }, signal)]);
  }
  if (failures !== undefined && isFailure) {
    work.push(['failure-queue', (signal) => failures.put(record, signal)]);
  }
  const ended = await Promise.all(
    work.map(async ([name, run]) => {
      const timed = await within(clock, by, ({ signal }) => run(signal));
      return timed.kind === 'done' ? undefined : name;
    }),
  );
  return ended.filter((name) => name !== undefined);
}

function recordOf(
  deps: DeliverDeps,
  request: HookRequest,
  { event, catalog, sent, reply }: Told,
  { deadline, startedAt, preparedAt, sentAt }: Times,
  unfinished: DeliveryRecord['unfinished'],
): DeliveryRecord {
  const now = deps.clock.now();
  const { phone } = request;
  const { result, template } = sent;
  const fresh = event.reply === undefined ? result : undefined;
  return {
    type: 'delivery',
    at: startedAt,
    eventId: request.eventId,
    oktaRequestId: request.requestId,
    outcome: fresh?.kind ?? 'duplicate',
    answer: fresh?.kind === 'refused' ? fresh.answer : answerIn(reply),
    cause: fresh?.kind === 'refused' ? fresh.cause : undefined,
    messageId: fresh?.kind === 'accepted' ? fresh.messageId : undefined,
    channel: request.channel,
    requestType: request.requestType,
    country: phone.country,
    lineType: phone.lineType,
    numberHash: deps.hashNumber?.(phone.e164),
    dryRun: request.isDryRun,
    preview: request.isPreview,
    wantedLocale: request.locale === undefined ? undefined : parseLocale(request.locale),
    template: template && {
      locale: template.locale,
      match: template.match,
      requestType: template.template.requestType,
    },
    attempts: sent.attempts,
    catalog: catalog && { version: catalog.version, source: catalog.source },
    ledger: event.state,
    unfinished,
    ms: {
      prepare: preparedAt - startedAt,
      send: sentAt - preparedAt,
      settle: now - sentAt,
      total: now - startedAt,
    },
    leftMs: deadline.at - now,
  };
}
