import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { parsePhone } from '../core/phone.ts';
import type { VoiceId } from '../core/template.ts';
import { voices } from '../core/template.ts';
import { systemClock } from '../handlers/system-clock.ts';
import type { Account } from './end-user-messaging/account.ts';
import { refusalOfDestination, senderOf } from './end-user-messaging/account.ts';
import type { Answer } from './end-user-messaging/answer.ts';
import { answered, stringOf } from './end-user-messaging/answer.ts';
import type { Call } from './end-user-messaging/call.ts';
import { readCall } from './end-user-messaging/call.ts';
import { exceptionResponse, jsonResponse, validation } from './end-user-messaging/exceptions.ts';
import type { Fault, Faults } from './end-user-messaging/faults.ts';
import { createFaults } from './end-user-messaging/faults.ts';
import { isManaged } from './end-user-messaging/managed-account.ts';
import type { ManagementOperationName } from './end-user-messaging/management-operations.ts';
import { managementOperations } from './end-user-messaging/management-operations.ts';
import type { Input } from './end-user-messaging/operations.ts';
import { refusalOfInput } from './end-user-messaging/operations.ts';
import { createRequestRate } from './end-user-messaging/request-rate.ts';
import type { VerificationMessage } from './end-user-messaging/sandbox.ts';
import type { PhoneInbox } from './phone.ts';
import type { Serve } from './serve.ts';

/** What the service made of a request: a send is accepted, another operation answered; `ignored` when a fault kept it from being read. */
export type Outcome = { readonly kind: 'accepted'; readonly messageId: string } | Answer | { readonly kind: 'ignored' };

/** A request for one of the service's operations. Its input holds a code and a number: for tests and people, not for logs. */
export interface ServedRequest extends Call {
  readonly at: number;
  readonly outcome: Outcome;
}

export interface EndUserMessaging extends Faults {
  readonly serve: Serve;
  /** Everything that was asked for and is remembered, oldest first. */
  requests(): readonly ServedRequest[];
}

export interface EndUserMessagingOptions {
  readonly inbox: Pick<PhoneInbox, 'deliver'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A managed one can be looked at and changed as well; without it management operations are refused. */
  readonly account?: Account;
  readonly newMessageId?: () => string;
  /** How many of the newest requests are remembered; all of them unless given. */
  readonly kept?: number | undefined;
  /** Delays answers under the fault `latency`; the machine's timer by default. */
  readonly after?: Clock['after'];
}

/** AWS End User Messaging for one account: sends land in the inbox instead of on a phone. */
export function createEndUserMessaging(options: EndUserMessagingOptions): EndUserMessaging {
  const { newMessageId = randomUUID, after = systemClock.after, kept = Number.POSITIVE_INFINITY } = options;
  const faults = createFaults();
  const served: ServedRequest[] = [];
  const tooOften = createRequestRate(options.now);

  const outcomeOf = (call: Call, fault: Fault | undefined): Outcome => {
    switch (fault?.kind) {
      case 'exception': {
        const { name, reason, status } = fault;
        return { kind: 'refused', exception: { name, reason, status, message: 'a fault of the local service' } };
      }
      case 'outage':
        return {
          kind: 'refused',
          exception: { name: 'InternalServerException', message: 'the local service is down' },
        };
      case 'reset':
      case 'hang':
      case 'reset-reused':
        return { kind: 'ignored' };
      default:
        return isManagement(call) ? manage(call) : send(options, call, newMessageId);
    }
  };

  const manage = ({ operation, input }: ManagementCall): Outcome => {
    const { account = {} } = options;
    const exception = tooOften(operation) ?? refusalOfInput(operation, input);
    if (exception) return { kind: 'refused', exception };
    if (!isManaged(account)) {
      const message = 'the local account is fixed: it was not made to be managed';
      return { kind: 'refused', exception: { name: 'AccessDeniedException', message } };
    }
    return account.operate(operation, input, (message) => sendVerification(options, message, newMessageId));
  };

  const serve: Serve = async (request, connection) => {
    const fault = faults.take(connection);
    const read = await readCall(request);
    const outcome: Outcome =
      read.kind === 'call' ? outcomeOf(read.call, fault) : { kind: 'refused', exception: read.exception };
    if (read.kind === 'call') served.push({ ...read.call, at: options.now(), outcome });
    if (served.length > kept) served.shift();

    if (fault?.kind === 'hang') await aborted(request.signal);
    if (fault?.kind === 'latency') await pause(after, fault.ms, request.signal);
    if (outcome.kind === 'ignored' || (fault !== undefined && resets(fault))) return Response.error();
    const requestId = randomUUID();
    if (outcome.kind === 'refused') return exceptionResponse(outcome.exception, requestId);
    const output = outcome.kind === 'accepted' ? { MessageId: outcome.messageId } : outcome.output;
    return jsonResponse(200, requestId, output);
  };

  return { serve, breakNext: faults.breakNext, setFault: faults.setFault, requests: () => [...served] };
}

const resets = ({ kind }: Fault) =>
  kind === 'reset' || kind === 'hang' || kind === 'reset-reused' || kind === 'accept-then-reset';

interface ManagementCall extends Call {
  readonly operation: ManagementOperationName;
}

const isManagement = (call: Call): call is ManagementCall => Object.hasOwn(managementOperations, call.operation);

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
  const protectConfiguration = stringOf(input, 'ProtectConfigurationId');
  const forbidden = refusalOfDestination(account, to.value, { channel: needs, protectConfiguration });
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

/** The code that a sandbox account's new destination gets; it is what makes the number one that may be sent to. */
function sendVerification(
  { inbox, now, account = {} }: EndUserMessagingOptions,
  { to: number, from: named, channel, body }: VerificationMessage,
  newMessageId: () => string,
): Answer {
  const to = parsePhone(number);
  if (!to.ok) return { kind: 'refused', exception: validation('CANNOT_PARSE', 'the number cannot be parsed') };
  const from = senderOf(account, named, to.value, channel === 'TEXT' ? 'SMS' : 'VOICE');
  if (from.kind === 'refused') return from;
  const messageId = newMessageId();
  const arrival = { messageId, to: number, from: from.label, at: now() };
  if (channel === 'TEXT') inbox.deliver({ channel: 'sms', ...arrival, body });
  else {
    inbox.deliver({ channel: 'voice', ...arrival, voiceId: defaultVoice, script: { kind: 'text', value: body } });
  }
  return answered({ MessageId: messageId });
}

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
