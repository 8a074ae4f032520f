import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMessages } from '../../src/aws/messages.ts';
import type { Cause } from '../../src/core/failure-policy.ts';
import type { Messages } from '../../src/core/messages.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import type { Fault } from '../../src/local/end-user-messaging/faults.ts';
import { createEndUserMessaging } from '../../src/local/end-user-messaging.ts';
import { createPhoneInbox } from '../../src/local/phone.ts';
import { serve } from '../../src/local/serve.ts';
import { createHttp } from '../../src/net/http.ts';
import { createFakeMessages } from '../support/fake-messages.ts';
import { createCall, createSms } from '../support/fake-outgoing-message.ts';
import { marked } from '../support/marked.ts';

/** What the suite needs of anything that sends messages. */
interface Subject {
  readonly messages: Messages;
  /** What came to phones: `sms <number> <body>`. */
  arrived(): readonly string[];
  refuseNext(cause: RefusedCause): void;
  hang(): void;
  /** Resolves when the service has been asked for something. */
  whenAsked(): Promise<void>;
  /** Takes the service off the network. */
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

const exceptions = {
  throttled: { name: 'ThrottlingException' },
  'service-error': { name: 'InternalServerException' },
  'identity-not-found': { name: 'ResourceNotFoundException' },
  'access-denied': { name: 'AccessDeniedException' },
  'opted-out': { name: 'ConflictException', reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' },
  'spend-limit': { name: 'ServiceQuotaExceededException', reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' },
  'country-not-enabled': { name: 'ValidationException', reason: 'COUNTRY_NOT_ENABLED' },
} as const satisfies Partial<Record<Cause, Omit<Extract<Fault, { kind: 'exception' }>, 'kind'>>>;
type RefusedCause = keyof typeof exceptions;
const refusedCauses = Object.keys(exceptions).filter((name): name is RefusedCause => Object.hasOwn(exceptions, name));

async function createFake(): Promise<Subject> {
  const messages = createFakeMessages(systemClock);
  return {
    messages,
    arrived: () =>
      messages.arrived().map(({ to, message }) => `${message.channel} ${to.reveal()} ${message.body.reveal()}`),
    refuseNext: (cause) => messages.refuse(cause),
    hang: () => messages.sends.always({ hangs: true }),
    whenAsked: async () => {},
    disconnect: async () => messages.sends.always({ fails: true }),
    close: async () => {},
  };
}

async function createReal(): Promise<Subject> {
  const inbox = createPhoneInbox();
  const service = createEndUserMessaging({ inbox, now: systemClock.now });
  let ask = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const server = await serve((request, connection) => {
    ask();
    return service.serve(request, connection);
  });
  const access = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const messages = createMessages(access, createHttp(systemClock.now), {
    configurationSet: undefined,
    protectConfiguration: undefined,
    endpoint: server.url,
  });
  return {
    messages,
    arrived: () =>
      inbox
        .received()
        .map((message) =>
          message.channel === 'sms'
            ? `sms ${message.to} ${message.body}`
            : `voice ${message.to} ${message.script.value}`,
        ),
    refuseNext: (cause) => service.breakNext({ kind: 'exception', ...exceptions[cause] }),
    hang: () => service.setFault({ kind: 'hang' }),
    whenAsked: () => asked,
    disconnect: server.close,
    close: server.close,
  };
}

const never = () => new AbortController().signal;

describe.each([
  { name: 'the fake', create: createFake },
  { name: 'End User Messaging', create: createReal },
])('messages by $name', ({ create }) => {
  let subject: Subject;

  beforeEach(async () => {
    subject = await create();
  });

  afterEach(async () => {
    await subject.close();
  });

  it('arrive on the phone', async () => {
    const sent = await subject.messages.send(createSms(), never());
    expect(sent.kind).toBe('accepted');
    expect(subject.arrived()).toEqual([`sms ${marked.phone} Your code is ${marked.otp}`]);
  });

  it('arrive as a call', async () => {
    const sent = await subject.messages.send(createCall(), never());
    expect(sent.kind).toBe('accepted');
    expect(subject.arrived()).toEqual([`voice ${marked.phone} <speak>${marked.otp}</speak>`]);
  });

  it('each have an id of their own', async () => {
    const ids = [];
    for (let count = 0; count < 3; count += 1) {
      const sent = await subject.messages.send(createSms(), never());
      ids.push(sent.kind === 'accepted' ? sent.messageId : undefined);
    }
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain(undefined);
  });

  it('are accepted in a dry run, and go nowhere', async () => {
    expect((await subject.messages.send(createSms({ dryRun: true }), never())).kind).toBe('accepted');
    expect(subject.arrived()).toEqual([]);
  });

  it.each(refusedCauses)('are refused by a value: %s', async (cause) => {
    subject.refuseNext(cause);
    expect(await subject.messages.send(createSms(), never())).toEqual({ kind: 'refused', cause });
    expect(subject.arrived()).toEqual([]);
    expect((await subject.messages.send(createSms(), never())).kind).toBe('accepted');
  });

  it('are known not to have gone out when the service cannot be reached', async () => {
    await subject.disconnect();
    expect(await subject.messages.send(createSms(), never())).toEqual({ kind: 'refused', cause: 'network' });
  });

  it('end with the signal, and then nobody knows', async () => {
    subject.hang();
    const controller = new AbortController();
    const sending = subject.messages.send(createSms(), controller.signal);
    await subject.whenAsked();
    controller.abort();
    expect(await sending).toEqual({ kind: 'refused', cause: 'ambiguous' });
  });

  it('are not sent once the signal is aborted', async () => {
    const sent = await subject.messages.send(createSms(), AbortSignal.abort());
    expect(sent.kind).toBe('refused');
    expect(subject.arrived()).toEqual([]);
  });
});
