import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { parsePhone } from '../core/phone.ts';
import type { VoiceId } from '../core/template.ts';
import { voices } from '../core/template.ts';
import { systemClock } from '../handlers/system-clock.ts';
import type { Account } from './end-user-messaging/account.ts';
import { refusalOfDestination, senderOf } from './end-user-messaging/account.ts';
import type { Call } from './end-user-messaging/call.ts';
import { readCall } from './end-user-messaging/call.ts';
import type { Exception } from './end-user-messaging/exceptions.ts';
import { exceptionResponse, jsonResponse, validation } from './end-user-messaging/exceptions.ts';
import type { Fault, Faults } from './end-user-messaging/faults.ts';
import { createFaults } from './end-user-messaging/faults.ts';
import type { Input } from './end-user-messaging/operations.ts';
import { refusalOfInput } from './end-user-messaging/operations.ts';
import type { PhoneInbox } from './phone.ts';
import type { Serve } from './serve.ts';

/** What the service made of a request: `ignored` when a fault kept it from being read. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly messageId: string }
  | { readonly kind: 'refused'; readonly exception: Exception }
  | { readonly kind: 'ignored' };

/** A request for one of the service's operations. Its input holds a code and a number: for tests and people, not for logs. */
export interface ServedRequest extends Call {
  readonly at: number;
  readonly outcome: Outcome;
}

export interface EndUserMessaging extends Faults {
  readonly serve: Serve;
  /** Everything that was asked for, oldest first. */
  requests(): readonly ServedRequest[];
}

export interface EndUserMessagingOptions {
  readonly inbox: Pick<PhoneInbox, 'deliver'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly account?: Account;
  readonly newMessageId?: () => string;
  /** Delays answers under the fault `latency`; the machine's timer by default. */
  readonly after?: Clock['after'];
}

/** AWS End User Messaging for one account: sends land in the inbox instead of on a phone. */
export function createEndUserMessaging(options: EndUserMessagingOptions): EndUserMessaging {
  const { newMessageId = randomUUID, after = systemClock.after } = options;
  const faults = createFaults();
  const served: ServedRequest[] = [];

  const outcomeOf = (call: Call, fault: Fault | undefined): Outcome => {
    switch (fault?.kind) {
      case 'exception': {
        const { name, reason, status } = fault;
        return { kind: 'refused', exception: { name, reason, status, message: 'a fault of the local service' } };
      }
      case 'outage':
      case 'hang':
      case 'reset-reused':
        return { kind: 'ignored' };
      default:
        return send(options, call, newMessageId);
    }
  };

  const serve: Serve = async (request, connection) => {
    const fault = faults.take(connection);
    const read = await readCall(request);
    const outcome: Outcome =
      read.kind === 'call' ? outcomeOf(read.call, fault) : { kind: 'refused', exception: read.exception };
    if (read.kind === 'call') served.push({ ...read.call, at: options.now(), outcome });

    if (fault?.kind === 'hang') await aborted(request.signal);
    if (fault?.kind === 'latency') await pause(after, fault.ms, request.signal);
    if (outcome.kind === 'ignored' || (fault !== undefined && resets(fault))) return Response.error();
    const requestId = randomUUID();
    return outcome.kind === 'accepted'
      ? jsonResponse(200, requestId, { MessageId: outcome.messageId })
      : exceptionResponse(outcome.exception, requestId);
  };

  return { serve, breakNext: faults.breakNext, setFault: faults.setFault, requests: () => [...served] };
}

const resets = ({ kind }: Fault) =>
  kind === 'outage' || kind === 'hang' || kind === 'reset-reused' || kind === 'accept-then-reset';

/** Checks a request as the service does, and delivers it unless it is a dry run. */
function send(
  { inbox, now, account = {} }: EndUserMessagingOptions,
  { operation, input }: Call,
  newMessageId: () => string,
): Outcome {
  const wrong = refusalOfInput(operation, input);
  if (wrong) return { kind: 'refused', exception: wrong };

  const to = parsePhone(stringOf(input, 'DestinationPhoneNumber') ?? '');
  if (!to.ok) {
    const problem = { field: 'DestinationPhoneNumber', message: 'must be a telephone number' };
    return { kind: 'refused', exception: validation('CANNOT_PARSE', 'the number cannot be parsed', [problem]) };
  }
  const needs = operation === 'SendTextMessage' ? 'SMS' : 'VOICE';
  const from = senderOf(account, stringOf(input, 'OriginationIdentity'), to.value, needs);
  if (from.kind === 'refused') return from;
  const forbidden = refusalOfDestination(account, to.value, needs);
  if (forbidden) return { kind: 'refused', exception: forbidden };

  const messageId = newMessageId();
  if (input['DryRun'] === true) return { kind: 'accepted', messageId };
  const arrival = { messageId, to: to.value.e164.reveal(), from: from.label, at: now() };
  const body = stringOf(input, 'MessageBody') ?? '';
  if (operation === 'SendTextMessage') inbox.deliver({ channel: 'sms', ...arrival, body });
  else {
    const kind = input['MessageBodyTextType'] === 'SSML' ? 'ssml' : 'text';
    inbox.deliver({ channel: 'voice', ...arrival, voiceId: voiceOf(input), script: { kind, value: body } });
  }
  return { kind: 'accepted', messageId };
}

const stringOf = (input: Input, member: string): string | undefined => {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
};

/** The voice that speaks when none is named. https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendVoiceMessage.html */
const defaultVoice: VoiceId = 'MATTHEW';

function voiceOf(input: Input): VoiceId {
  const named = stringOf(input, 'VoiceId') ?? defaultVoice;
  return isVoice(named) ? named : defaultVoice;
}

const isVoice = (id: string): id is VoiceId => Object.hasOwn(voices, id);

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function pause(after: Clock['after'], ms: number, signal: AbortSignal): Promise<void> {
  let cancel = () => {};
  await Promise.race([new Promise<void>((resolve) => (cancel = after(ms, resolve))), aborted(signal)]);
  cancel();
}
