import { expect, it } from 'vitest';
import { isObject } from '../../src/core/decode.ts';
import type { Cause } from '../../src/core/failure-policy.ts';
import { causeNames } from '../../src/core/failure-policy.ts';
import type { OutgoingMessage } from '../../src/core/messages.ts';
import { parseSsml } from '../../src/core/ssml.ts';
import type { RestReply } from '../../src/handlers/rest-event.ts';
import { createSender } from '../../src/handlers/sender/create.ts';
import type { Constraint } from '../../src/local/end-user-messaging/constraints.ts';
import { violationOf } from '../../src/local/end-user-messaging/constraints.ts';
import { operations } from '../../src/local/end-user-messaging/operations.ts';
import { createLeakSink } from '../../src/local/leak-sink.ts';
import type { Random } from '../simulator/random.ts';
import { createRandom } from '../simulator/random.ts';
import { createCatalog } from '../support/fake-catalog.ts';
import { hookBody } from '../support/fake-hook-request.ts';
import { createFakeSender } from '../support/fake-sender.ts';
import { damage, hostileValue, mutate, toWritten, write } from '../support/hostile-json.ts';
import { marked } from '../support/marked.ts';

/** The slow tier runs a million: `npm run test:slow`. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 10_000);
/** To look at one session that failed: its seed, and `FUZZ_RUNS=1`. */
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);

/** A handler serves so many bodies before it is replaced, so that one can spoil it for the next. */
const perSession = 20;

/** Whatever ends up in a field for a code, a number or a name. */
const codes = [marked.otp, marked.otherOtp, '904417', 'QX7T42', '00000000000000000000000000518263'] as const;
const numbers = [marked.phone, marked.otherPhone, marked.landline, '+447911123456', '+919876543210'] as const;
const names = [marked.firstName, 'Wilhelmyne', 'Þórðurinn'] as const;

/** What a 400 may say: where, and what was expected there. */
const reason = new RegExp(
  `^(body|eventId|eventType|requestType|data(\\.(${[
    'context(\\.request(\\.(id|url(\\.value)?))?)?',
    'userProfile(\\.firstName)?',
    'messageProfile(\\.(msgTemplate|phoneNumber|otpExpires|deliveryChannel|otpCode|locale))?',
  ].join('|')}))?) (${[
    'is missing',
    'is empty',
    'is longer than \\d+ characters',
    'is larger than 65536 characters',
    'is not valid JSON',
    'is not a telephone number in E\\.164 form',
    'has an extension, which a code cannot be sent to',
    'must be (an object|a string|a string of digits|a code of digits|free of white space|SMS or voice call)',
    'must be one of com\\.okta\\.telephony\\.provider',
    'must be an ISO 8601 time',
  ].join('|')})$`,
);

const catalog = createCatalog({
  settings: { org: 'Acme & Söhne' },
  templates: [
    { locale: 'en', channel: 'sms', text: 'Hi {{firstName}}, your {{org}} code is {{otp}}.' },
    { locale: 'es', channel: 'sms', requestType: 'password-reset', text: 'Para tu nueva contraseña: {{otp}}' },
    { locale: 'en', channel: 'voice', voiceId: 'JOANNA', ssml: '<speak>{{firstName}} of {{org}}: {{otp}}.</speak>' },
  ],
});
const [firstCause, ...otherCauses] = causeNames;
const causes: readonly [Cause, ...Cause[]] = [firstCause ?? 'internal', ...otherCauses];

function randomBody(random: Random): string {
  const json = toWritten(
    hookBody({
      eventId: `event-${random.below(perSession)}`,
      firstName: random.pick(names),
      phoneNumber: random.pick(numbers),
      otpCode: random.pick(codes),
      deliveryChannel: random.pick(['SMS', 'voice call']),
      locale: random.pick(['en-US', 'es-MX', 'xx']),
    }),
  );
  const mutations = random.pick([0, 1, 1, 1, 2, 3, 8]);
  const mutation = {
    other: (from: Random) => from.pick([from.pick(codes), from.pick(numbers), from.pick(names)]),
    // These two are logged, so that an operator can look a request up.
    shown: ['/eventId', '/data/context'],
  };
  for (let made = 0; made < mutations; made += 1) mutate(json, random, mutation);
  const text = random.chance(0.02) ? write(hostileValue(random)) : write(json);
  return random.chance(0.15) ? damage(text, random) : text;
}

/** What API Gateway would make of a body, or what it never would. */
function randomEvent(random: Random, body: string, now: number): unknown {
  const requestTimeEpoch = random.chance(0.95)
    ? random.pick([now, now - 300, now - 1900, now - 2190, now + 9_000])
    : random.pick<unknown>([-1, 1e300, Number.NaN, '0', null, {}, [now]]);
  const event = { body, isBase64Encoded: false, requestContext: { requestTimeEpoch } };
  if (random.chance(0.9)) return event;
  return random.pick<unknown>([
    { ...event, body: Buffer.from(body).toString('base64'), isBase64Encoded: true },
    { ...event, isBase64Encoded: random.pick<unknown>([true, 'true', 1, null]) },
    { ...event, body: random.pick<unknown>([null, undefined, 7, true, [body], { body }, '']) },
    { ...event, requestContext: random.pick<unknown>([null, 7, 'x', [], { requestTimeEpoch: [now] }]) },
    JSON.parse(`{"__proto__":{"body":"{}"},"body":${JSON.stringify(body)}}`),
    random.pick<unknown>([null, undefined, 7, true, '', body, [], [event], {}, { Records: [event] }]),
  ]);
}

/** What is wrong with a reply; undefined if Okta understands it. */
function wrongWith({ statusCode, headers, body }: RestReply): string | undefined {
  if (headers['content-type'] !== 'application/json') return 'a content type other than JSON';
  const parsed: unknown = JSON.parse(body);
  if (!isObject(parsed)) return 'a body that is no object';
  const keys = Object.keys(parsed).join();
  if (statusCode === 200 && keys === 'commands') {
    const command: unknown = Array.isArray(parsed['commands']) ? parsed['commands'][0] : undefined;
    if (!isObject(command) || command['type'] !== 'com.okta.telephony.action') return 'a command of another type';
    const value: unknown = Array.isArray(command['value']) ? command['value'][0] : undefined;
    if (!isObject(value)) return 'a command without a value';
    const unknown = Object.entries(value).filter(
      ([key, of]) =>
        !['status', 'provider', 'transactionId', 'transactionMetadata'].includes(key) || typeof of !== 'string',
    );
    if (unknown.length > 0) return 'a command with something more';
    return ['SUCCESSFUL', 'FAILED'].includes(String(value['status'])) ? undefined : 'a status that Okta does not know';
  }
  const error = parsed['error'];
  if (keys !== 'error' || !isObject(error)) return 'neither commands nor an error';
  const { errorSummary, errorCauses } = error;
  if (typeof errorSummary !== 'string' || !Array.isArray(errorCauses)) return 'an error of another form';
  if (statusCode === 200) return errorCauses.length === 0 ? undefined : 'an error for the user with causes';
  if (statusCode !== 400) return 'a status other than 200 and 400';
  if (errorCauses.length === 0) return 'a 400 that names nothing';
  const strange = errorCauses.filter((cause) => !isObject(cause) || !reason.test(String(cause['reason'])));
  return strange.length === 0 ? undefined : 'a 400 that says something else than where and what was expected';
}

/** What the service would refuse of a message whatever the text, and so at every rung. */
function refusedOf({ to, ttlSeconds, context, message }: OutgoingMessage): string | undefined {
  const members: Readonly<Record<string, Constraint>> = operations.SendTextMessage.members;
  if (message.channel === 'voice' && !parseSsml(message.body.reveal()).ok) return 'MessageBody';
  const values = { DestinationPhoneNumber: to.reveal(), TimeToLive: ttlSeconds, Context: context };
  return (['DestinationPhoneNumber', 'TimeToLive', 'Context'] as const).find((name) => {
    const constraint = members[name];
    return constraint === undefined || violationOf(constraint, values[name]) !== undefined;
  });
}

interface Session {
  /** The first thing that went wrong. */
  readonly violation: string | undefined;
  /** `200 SUCCESSFUL`, `400 data is missing`, `line delivery`; for a look at whether anything happened. */
  readonly seen: readonly string[];
}

async function runSession(seed: number, bodies: number): Promise<Session> {
  const random = createRandom(seed);
  let body = '';
  let broken = false;
  const breakDown = (): never => {
    broken = true;
    throw new TypeError(`cannot deliver ${body}`);
  };
  const sender = createFakeSender({
    catalog,
    deps: {
      newOwner: () => (random.chance(0.02) ? breakDown() : `owner-${random.next()}`),
      hashNumber: () => (random.chance(0.02) ? breakDown() : '1:hash'),
    },
  });
  const sink = createLeakSink();
  for (const code of codes) sink.watch('code', code);
  for (const number of numbers) sink.watch('number', number);
  for (const name of names) sink.watch('name', name);
  const lines: string[] = [];
  const handler = createSender({
    ...sender.deps,
    answerWithinMs: 2200,
    dropIdleConnections: () => {},
    log: (line) => lines.push(line),
  });
  const seen: string[] = [];
  sender.messages.decide(() => {
    // As a service does that quotes what it did not like.
    if (random.chance(0.03)) throw new TypeError(`cannot send ${body}`);
    return random.chance(0.2) ? random.pick(causes) : undefined;
  });

  for (let index = 0; index < bodies; index += 1) {
    const wrong = (what: string) => ({ violation: `seed ${seed}, body ${index + 1}: ${what}`, seen });
    body = randomBody(random);
    broken = false;
    if (random.chance(0.02)) random.pick([sender.ledger.claims, sender.table.pointers]).next({ fails: true });
    try {
      lines.length = 0;
      const reply = await sender.clock.run(handler(randomEvent(random, body, sender.clock.now())));
      const flaw = wrongWith(reply);
      if (flaw !== undefined) return wrong(`answered with ${flaw}`);
      sink.check(reply.body);
      for (const line of lines) sink.check(line);
      if (lines.length !== 1) return wrong(`${lines.length} lines of log instead of one`);
      const asked = sender.messages.asked();
      const refused = asked.map(refusedOf).find((member) => member !== undefined);
      if (refused !== undefined) return wrong(`asked the service with a ${refused} that it does not take`);
      if (sender.unsettled() > 0) return wrong(`${sender.unsettled()} calls were left open`);
      if (sender.clock.pending() > 0) return wrong(`${sender.clock.pending()} timers were left running`);
      const type = String(JSON.parse(lines[0] ?? '{}').type);
      if (type === 'sender-failed' && !broken) return wrong('failed for a reason that nobody thought of');
      const said = reply.statusCode === 400 ? /"reason":"([^"]*)"/ : /"(?:status|errorSummary)":"([^"]*)"/;
      seen.push(`${reply.statusCode} ${said.exec(reply.body)?.[1]}`);
      seen.push(`line ${type}`);
    } catch (error) {
      return wrong(error instanceof Error ? `${error.name}: ${error.message}` : 'threw something');
    }
  }
  return { violation: undefined, seen };
}

it(`answers ${runs} hostile bodies in one of Okta's two forms, and tells nothing`, { timeout: 3_600_000 }, async () => {
  const seen = new Map<string, number>();
  let violation: string | undefined;
  for (let done = 0, seed = firstSeed; done < runs && violation === undefined; done += perSession, seed += 1) {
    // A replay looks at a whole session, whatever `FUZZ_RUNS` says.
    const session = await runSession(seed, perSession);
    violation = session.violation;
    for (const what of session.seen) seen.set(what, (seen.get(what) ?? 0) + 1);
  }
  expect(violation, 'replay with FUZZ_SEED=<seed> FUZZ_RUNS=1').toBeUndefined();
  if (runs < 10_000) return;
  // A fuzz in which everything is refused at the first field shows nothing.
  const often = (what: string) => seen.get(what) ?? 0;
  expect(often('200 SUCCESSFUL')).toBeGreaterThan(runs / 10);
  expect(often('200 FAILED')).toBeGreaterThan(runs / 100);
  expect(often('line bad-request')).toBeGreaterThan(runs / 10);
  expect(often('line sender-failed')).toBeGreaterThan(runs / 1000);
  expect(often('400 body is larger than 65536 characters')).toBeGreaterThan(0);
  expect(often('400 body is not valid JSON')).toBeGreaterThan(runs / 100);
  expect([...seen.keys()].filter((what) => what.startsWith('400')).length).toBeGreaterThan(30);
});
