import { channels } from '../core/channel.ts';
import { isObject, parseJson } from '../core/decode.ts';
import { parseDeliveryLine } from '../core/delivery-line.ts';
import { describeEntry, describeIdentity, identityOf } from '../core/describe-identity.ts';
import { describeTemplate } from '../core/describe-template.ts';
import { causes } from '../core/failure-policy.ts';
import { parseHookRequest } from '../core/hook-request.ts';
import { judgeHookResponse, oktaWaitsMs } from '../core/hook-verdict.ts';
import type { OriginationIdentities } from '../core/origination-identities.ts';
import type { Exchange } from '../local/cloud.ts';
import type { Hop } from '../local/gateway.ts';
import type { ReceivedMessage } from '../local/phone.ts';
import type { Composed } from './compose.ts';
import type { Delivery, Step } from './events.ts';
import type { PrintedLines } from './printed-line.ts';

/** Everything that was seen of one request. */
export interface Traces {
  /** Of this delivery alone, even where the gateway gave none. */
  readonly id: string;
  readonly exchange: Exchange;
  readonly hops: readonly Hop[];
  /** What the functions printed meanwhile. */
  readonly lines: PrintedLines;
  /** Whom messages come from, by the catalog that serves. */
  readonly identities?: OriginationIdentities | undefined;
  /** What arrived on the phone. */
  readonly message: ReceivedMessage | undefined;
  /** How long the token took, for a request composed on the page. */
  readonly tokenMs: number | undefined;
}

type Recorded = ReturnType<typeof parseDeliveryLine>;

/** Puts together what was seen of a request, as one way from the token to Okta's verdict. */
export function traceDelivery({ id, exchange, hops, lines, identities, message, tokenMs }: Traces): Delivery {
  const body = parseJson(exchange.body);
  const asked = body.ok ? parseHookRequest(body.value) : body;
  const reply = parseJson(exchange.reply);
  const { record } = lines;
  const found = parseDeliveryLine(record);
  const tookMs = (tokenMs ?? 0) + exchange.ms;
  const answer = { status: exchange.status, body: reply.ok ? reply.value : undefined, tookMs };
  return {
    id,
    at: exchange.at - (tokenMs ?? 0),
    from: tokenMs === undefined ? 'outside' : 'page',
    ...(asked.ok
      ? {
          eventId: asked.value.eventId,
          channel: asked.value.channel,
          requestType: asked.value.requestType,
          locale: asked.value.locale,
          phone: endsOf(asked.value.phone.e164.reveal()),
        }
      : {}),
    country: found?.country,
    status: exchange.status,
    steps: [
      ...(tokenMs === undefined ? [] : [{ name: 'token' as const, startMs: 0, ms: tokenMs, state: good, text: token }]),
      ...stepsOf({ hops, lines, identities, record: found, status: exchange.status }, tokenMs ?? 0),
      ...(message === undefined ? [] : [receipt(message, exchange.at - (tokenMs ?? 0))]),
    ],
    verdict: judgeHookResponse(answer),
    tookMs,
    budgetMs: oktaWaitsMs,
    messageId: found?.messageId,
    record: isObject(record) ? record : undefined,
    reply: answer.body,
  };
}

/** What is known of a request that never came to the hook. */
interface Unasked {
  /** Of this attempt alone: the same event may come again. */
  readonly id: string;
  readonly eventId: string;
  readonly at: number;
  readonly ms: number;
  readonly composed: Composed;
}

/** A delivery that ended before the hook was asked. */
export function withoutToken(why: string, { id, eventId, at, ms, composed }: Unasked): Delivery {
  return {
    id,
    at,
    from: 'page',
    eventId,
    channel: composed.channel,
    requestType: composed.requestType,
    locale: composed.locale,
    phone: endsOf(composed.phoneNumber),
    status: 0,
    steps: [{ name: 'token', startMs: 0, ms, state: 'bad', text: `the authorization server gave none: ${why}` }],
    verdict: { codeTakenForSent: false, reason: 'the hook was not asked, for want of a token' },
    tookMs: ms,
    budgetMs: oktaWaitsMs,
  };
}

const good = 'good' as const;
const token = 'by a signed assertion (private_key_jwt)';

/** A number as it may be shown: only its ends. */
export const endsOf = (number: string) => `${number.slice(0, 3)}…${number.slice(-2)}`;

function stepsOf(
  {
    hops,
    lines,
    identities,
    record,
    status,
  }: Pick<Traces, 'hops' | 'lines' | 'identities'> & { readonly record: Recorded; readonly status: number },
  from: number,
): readonly Step[] {
  const authorizer = hops.find(({ hop }) => hop === 'authorizer');
  const sender = hops.find(({ hop }) => hop === 'integration');
  const senderAt = from + (authorizer?.ms ?? 0);
  return [
    authorizer === undefined
      ? { name: 'authorizer', state: 'bad', text: `was not asked: ${unasked(status)}` }
      : {
          name: 'authorizer',
          startMs: from,
          ms: authorizer.ms,
          state: authorizer.outcome === 'allowed' ? 'good' : 'bad',
          text: `${withReason(authorizer.outcome, lines.authorizer)}${authorizer.cached ? ', by the policy that the gateway remembers' : ''}`,
        },
    sender === undefined
      ? { name: 'sender', state: 'bad', text: 'was not reached' }
      : {
          name: 'sender',
          startMs: senderAt,
          ms: sender.ms,
          state: sender.outcome === 'answered' ? 'good' : 'bad',
          text: withReason(sender.outcome, sender.outcome === 'answered' ? undefined : lines.sender),
        },
    // What the sender's own line leaves of its time was the container's start.
    ...(record === undefined
      ? []
      : insideOf({ record, identities }, senderAt + Math.max(0, (sender?.ms ?? 0) - record.ms.total))),
  ];
}

/** Why the gateway answered by itself. */
function unasked(status: number): string {
  if (status === 429) return 'the gateway throttled the request';
  return status >= 500 ? 'the gateway failed' : 'no token of the right form came';
}

const withReason = (outcome: string, reason: string | undefined) =>
  reason === undefined ? outcome : `${outcome}: ${reason}`;

interface Inside extends Pick<Traces, 'identities'> {
  readonly record: NonNullable<Recorded>;
}

/** Which identities were tried, and which entry of the list they are from. */
function identitiesOf({ record, identities }: Inside): string {
  const { attempts, country, lineType } = record;
  const tried = attempts.map(({ channel: named, identity: label }) => {
    const channel = channels.find((known) => known === named);
    if (identities === undefined || channel === undefined) return label;
    const found = identityOf(identities, { country, channel, label });
    return found === undefined ? label : describeIdentity(found);
  });
  const entry = identities === undefined ? '' : `, ${describeEntry(identities, country)}`;
  return `${country ?? 'no country'}, ${lineType}${entry}: ${[...new Set(tried)].join(', then ') || 'none was tried'}`;
}

function insideOf({ record, identities }: Inside, from: number): readonly Step[] {
  const { ms, ledger, catalog, template, wantedLocale = 'no locale', attempts, cause } = record;
  let sendAt = from + ms.prepare;
  const sends = attempts.map(({ channel, identity, outcome, text, ms: took }): Step => {
    const startMs = sendAt;
    sendAt += took;
    const words = text === 'okta' ? ", with Okta's own text" : '';
    const state = outcome === 'accepted' ? 'good' : 'bad';
    return { name: 'send', startMs, ms: took, state, text: `${channel} from ${identity}: ${outcome}${words}` };
  });
  const noted = (name: Step['name'], text: string, state: Step['state'] = 'note'): Step => ({ name, state, text });
  return [
    {
      name: 'claim',
      startMs: from,
      ms: ms.prepare,
      state: ledger === 'unreachable' ? 'bad' : 'good',
      text: `ledger: ${ledger}`,
    },
    noted(
      'catalog',
      catalog === undefined ? 'there is none' : `version ${catalog.version}, from the ${catalog.source}`,
      catalog?.source === 'table' ? 'note' : 'bad',
    ),
    ...(template === undefined ? [] : [noted('template', describeTemplate(template, wantedLocale))]),
    noted('identity', identitiesOf({ record, identities })),
    ...sends,
    ...(cause === undefined
      ? []
      : [noted('answer', `${cause}: ${causes[cause].words}; Okta is told ${inOktasWords(record.answer)}`, 'bad')]),
    { name: 'settle', startMs: sendAt, ms: ms.settle, state: 'good', text: 'ledger and failures queue' },
  ];
}

/** What Okta reads for an answer of ours. */
function inOktasWords(answer: string): string {
  if (answer === 'suppress') return 'SUCCESSFUL';
  return answer === 'fallback' ? 'FAILED' : 'an error, with a sentence for the user';
}

const receipt = (message: ReceivedMessage, since: number): Step => ({
  name: 'receipt',
  startMs: Math.max(0, message.at - since),
  state: 'good',
  text:
    message.channel === 'sms'
      ? `SMS of ${message.parts} ${message.parts === 1 ? 'part' : 'parts'}, ${message.encoding}`
      : `call by ${message.voiceId}`,
});
