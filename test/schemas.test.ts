import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Authorization } from '../src/core/authorization.ts';
import { refusalReasons, refuse } from '../src/core/authorization.ts';
import { channels } from '../src/core/channel.ts';
import { isObject } from '../src/core/decode.ts';
import { answers, causeNames } from '../src/core/failure-policy.ts';
import { lineTypes } from '../src/core/phone.ts';
import { requestTypes } from '../src/core/request-type.ts';
import { createAuthorizer } from '../src/handlers/authorizer/create.ts';
import type { SenderDeps } from '../src/handlers/sender/create.ts';
import { createSender } from '../src/handlers/sender/create.ts';
import { createFakeSender } from './support/fake-sender.ts';
import { hookBody, useLocalCloud } from './support/local-cloud.ts';
import { marked } from './support/marked.ts';
import { createVirtualClock } from './support/virtual-clock.ts';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'schemas', 'delivery-record.schema.json'), 'utf8'),
);
const ajv = new Ajv2020({ allErrors: true });
const validate = ajv.compile(schema);
const definitions: Readonly<Record<string, string>> = {
  delivery: 'delivery',
  'bad-request': 'badRequest',
  'sender-failed': 'senderFailed',
  authorization: 'authorization',
};

/** What is wrong with a line, told by the definition that it is meant to follow; nothing if it is as published. */
function problemsOf(line: Line): readonly string[] {
  if (validate(line)) return [];
  const own = ajv.getSchema(`${schema.$id}#/$defs/${definitions[String(line['type'])]}`);
  return own === undefined || own(line) === true
    ? ['is none of the published lines, or more than one']
    : ajv.errorsText(own.errors).split(', ');
}

type Line = Record<string, unknown>;

const under = useLocalCloud();

/** Posts a body to the local cloud and gives the sender's line about it. */
async function lineOf(body: unknown): Promise<Line> {
  const before = under().lines.length;
  await under().post(body);
  const printed = under()
    .lines.slice(before)
    .filter((line) => line['type'] !== 'authorization');
  expect(printed).toHaveLength(1);
  return printed[0] ?? {};
}

/** A delivery with parts of it changed in the schema's eyes. */
const preview = () => {
  const { data, ...rest } = hookBody();
  const request = { ...data.context.request, url: { value: '/api/internal/v1/inlineHooks/generatePreview' } };
  return { ...rest, data: { ...data, context: { request } } };
};

async function duplicate(): Promise<Line> {
  const body = hookBody();
  await under().post(body);
  return await lineOf(body);
}

async function refused(): Promise<Line> {
  const { messaging } = under().cloud;
  messaging.setFault({ kind: 'exception', name: 'ThrottlingException' });
  try {
    return await lineOf(hookBody());
  } finally {
    messaging.setFault(undefined);
  }
}

describe('a line of the sender', () => {
  const cases: readonly [string, () => Promise<Line>, Line][] = [
    ['an accepted SMS', () => lineOf(hookBody()), { outcome: 'accepted', channel: 'sms', Accepted: 1 }],
    [
      'an accepted call',
      () => lineOf(hookBody({ channel: 'voice', locale: 'es-MX' })),
      { outcome: 'accepted', channel: 'voice', Accepted: 1 },
    ],
    ['a refusal by the service', refused, { outcome: 'refused', answer: 'fallback', cause: 'throttled', Refused: 1 }],
    [
      'a refusal by the catalog',
      () => lineOf(hookBody({ phoneNumber: '+5352345678' })),
      { outcome: 'refused', answer: 'suppress', cause: 'country-blocked', Suppressed: 1 },
    ],
    ['a duplicate', duplicate, { outcome: 'duplicate', ledger: 'duplicate', Duplicates: 1 }],
    [
      'a dry run',
      () => lineOf({ ...hookBody(), eventId: `dryrun-${process.pid}` }),
      { dryRun: true, DryRuns: 1, outcome: 'accepted' },
    ],
    ["Okta's preview", () => lineOf(preview()), { preview: true, ledger: 'skipped', outcome: 'accepted' }],
    ['a bad request', () => lineOf({ eventId: 'bad' }), { type: 'bad-request', BadRequests: 1 }],
  ];

  it.each(cases)('about %s is as published, and with anything more it is not', async (_, printed, expected) => {
    const line = await printed();
    expect(line).toMatchObject(expected);
    expect(problemsOf(line)).toEqual([]);
    for (const extra of [{ otp: marked.otp }, { phoneNumber: marked.phone }, { Surprises: 1 }]) {
      expect(problemsOf({ ...line, ...extra })).not.toEqual([]);
    }
  });

  it('lacks nothing of what is published as always there', async () => {
    const line = await lineOf(hookBody());
    for (const name of ['eventId', 'outcome', 'attempts', 'ms', 'leftMs', 'Deliveries', 'LedgerUnsettled', '_aws']) {
      const { [name]: _, ...rest } = line;
      expect(problemsOf(rest), `without ${name}`).not.toEqual([]);
    }
  });

  it('names every metric that CloudWatch shall take from it', async () => {
    const line = await lineOf(hookBody());
    const counts = Object.keys(line).filter((name) => /^[A-Z]/.test(name));
    expect(counts.length).toBeGreaterThan(10);
    // A count of nothing is not one that CloudWatch should take, and charge for.
    const metrics = counts.filter((name) => line[name] !== 0 || name.endsWith('Ms'));
    expect(metrics).toEqual(['Deliveries', 'Accepted', 'TotalMs', 'SendMs']);
    expect(line['_aws']).toMatchObject({
      CloudWatchMetrics: [{ Metrics: metrics.map((Name) => ({ Name })) }],
    });
  });

  it('about a delivery never holds a whole number for an identity', async () => {
    const line = await lineOf(hookBody());
    const attempts = Array.isArray(line['attempts']) ? line['attempts'].filter(isObject) : [];
    expect(attempts).toHaveLength(1);
    const whole = attempts.map((attempt) => ({ ...attempt, identity: '+18005550123' }));
    expect(problemsOf({ ...line, attempts: whole })).not.toEqual([]);
  });
});

describe('a failure', () => {
  it('lies in the queue as published: the record without metrics', async () => {
    const line = await refused();
    const body = under().cloud.queue.messages('okta-otp-failures').at(-1)?.body ?? '{}';
    const record = JSON.parse(body);
    expect(record).toMatchObject({ type: 'delivery', eventId: line['eventId'], cause: 'throttled' });
    expect(record).not.toHaveProperty('_aws');
    expect(problemsOf(record)).toEqual([]);
    expect(problemsOf({ ...record, otp: marked.otp })).not.toEqual([]);
    expect(problemsOf({ ...record, outcome: 'accepted' })).not.toEqual([]);
  });

  it('of the sender itself is a line of its own', async () => {
    const { deps } = createFakeSender();
    const lines: string[] = [];
    const broken: SenderDeps = {
      ...deps,
      newOwner: () => {
        throw new TypeError('a bug');
      },
      answerWithinMs: 2200,
      dropIdleConnections: () => {},
      log: (line) => lines.push(line),
    };
    const { body } = await createSender(broken)({ body: JSON.stringify(hookBody()) });
    expect(body).toContain('FAILED');
    const parsed = lines.map((line) => JSON.parse(line));
    expect(parsed).toMatchObject([{ type: 'sender-failed', error: 'TypeError', SenderFailures: 1 }]);
    expect(parsed.flatMap(problemsOf)).toEqual([]);
    expect(parsed.flatMap((line) => problemsOf({ ...line, Stack: 'okta-otp-prod' }))).toEqual([]);
    expect(parsed.flatMap((line) => problemsOf({ ...line, otp: marked.otp }))).not.toEqual([]);
  });
});

describe('a line of the authorizer', () => {
  const decisions: readonly Authorization[] = [
    { kind: 'allow', clientId: '0oaclient' },
    { kind: 'unavailable' },
    ...refusalReasons.map(refuse),
  ];

  it.each(decisions)('about %o is as published, and with anything more it is not', async (decision) => {
    const clock = createVirtualClock();
    const lines: string[] = [];
    const authorizer = createAuthorizer({
      clock,
      keyStores: [],
      verify: async () => decision,
      dropIdleConnections: () => {},
      log: (line) => lines.push(line),
    });
    const event = {
      authorizationToken: 'Bearer token',
      methodArn: 'arn:aws:execute-api:us-east-1:0:api/prod/POST/mfa',
    };
    await clock.run(authorizer(event).catch(() => undefined));
    const parsed = lines.map((line) => JSON.parse(line));
    expect(parsed).toMatchObject([{ type: 'authorization', outcome: decision.kind }]);
    expect(parsed.flatMap(problemsOf)).toEqual([]);
    expect(parsed.flatMap((line) => problemsOf({ ...line, token: 'x' }))).not.toEqual([]);
    expect(parsed.flatMap((line) => problemsOf({ ...line, reason: 'nothing that is known' }))).not.toEqual([]);
  });

  it('is printed by the function as it is deployed', async () => {
    await under().post(hookBody());
    const printed = under().lines.filter((line) => line['type'] === 'authorization');
    expect(printed.length).toBeGreaterThan(0);
    expect(printed.flatMap(problemsOf)).toEqual([]);
  });
});

describe('the published schema', () => {
  it('knows the words that the code knows, and no other', () => {
    const { $defs } = schema;
    const { properties } = $defs.record;
    expect($defs.cause.enum).toEqual(causeNames);
    expect($defs.refusalReason.enum).toEqual(refusalReasons.map((reason) => reason.replaceAll('-', ' ')));
    expect($defs.requestType.enum).toEqual(requestTypes);
    expect($defs.channel.enum).toEqual(channels);
    expect(properties.lineType.enum).toEqual(lineTypes);
    expect(properties.answer.enum).toEqual(['successful', ...answers]);
  });
});
