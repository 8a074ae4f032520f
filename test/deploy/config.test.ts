import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answers, causeNames } from '../../src/core/failure-policy.ts';
import { defaultBucket } from '../../src/deploy/artifact-bucket.ts';
import { parseConfig } from '../../src/deploy/config.ts';
import type { Environment } from '../../src/deploy/environment.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'schemas', 'okta-otp.schema.json'), 'utf8'),
);
const fitsSchema = new Ajv2020({ allErrors: true, strict: true }).compile(schema);

const issuer = 'https://example.okta.com/oauth2/default';
const least = { region: 'eu-west-1', okta: { issuer } };
/** A file with one environment. */
const fileOf = (environment: unknown) => ({ environments: { prod: environment } });
const read = (file: unknown) => parseConfig(JSON.stringify(file));
const problems = (file: unknown) => problemsIn(read(file)).map(({ path, message }) => `${path} ${message}`);

function environmentOf(written: unknown): Environment {
  const found = valueIn(read(fileOf(written))).get('prod');
  if (found === undefined) throw new Error('there is no environment prod');
  return found;
}

describe('okta-otp.json', () => {
  it('needs of an environment no more than Region and issuer', () => {
    expect(environmentOf(least)).toEqual({
      name: 'prod',
      region: 'eu-west-1',
      production: false,
      namePrefix: 'okta-otp',
      stackName: 'okta-otp-prod',
      catalog: 'catalog',
      okta: { issuer, clientIds: [] },
      api: {
        stage: 'prod',
        path: '/mfa',
        allowedAddresses: [],
        requestsPer5Minutes: 10_000,
        throttling: { ratePerSecond: 500, burst: 1_000 },
        authorizerTtlSeconds: 300,
      },
      functions: { memoryMb: 1_024, provisionedConcurrency: 0, warmPing: false, logRetentionDays: 30 },
      messaging: { answers: {} },
      watching: {
        failureRatePercent: 5,
        fallbackRatePercent: 10,
        blockedRatePercent: 20,
        spendPercent: 80,
        dataProtection: false,
      },
      data: { customerManagedKey: false },
      tags: {},
    });
  });

  it('takes every setting as it is written', () => {
    const written = {
      region: 'us-gov-west-1',
      profile: 'okta.prod',
      account: '123456789012',
      production: true,
      namePrefix: 'acme-codes',
      stackName: 'Codes',
      catalog: 'catalogs/prod',
      artifactBucket: 'our-artifacts',
      artifactPrefix: 'tools/okta-otp',
      okta: {
        issuer,
        audience: 'api://hook',
        clientIds: ['0oab1cd2EF3gh4IJ5k6'],
        scope: 'hook.send',
        next: { issuer: 'https://id.example.com/oauth2/aus1', audience: 'x', clientIds: ['a'], scope: 'b' },
      },
      api: {
        stage: 'v1',
        path: '/telephony',
        allowedAddresses: ['203.0.113.0/24', '2001:db8::/32'],
        requestsPer5Minutes: 20_000,
        throttling: { ratePerSecond: 20, burst: 40 },
        authorizerTtlSeconds: 60,
      },
      functions: {
        memoryMb: 512,
        provisionedConcurrency: 2,
        reservedConcurrency: 2,
        warmPing: true,
        logRetentionDays: 365,
      },
      messaging: {
        regions: ['us-gov-west-1', 'us-east-1'],
        answers: { 'opted-out': 'fallback' },
        answerWithinMs: 2_000,
        sendFloorMs: 200,
      },
      watching: {
        email: 'oncall@example.com',
        failureRatePercent: 0.5,
        fallbackRatePercent: 2,
        blockedRatePercent: 90,
        spendPercent: 50,
        dataProtection: true,
      },
      data: { customerManagedKey: true },
      tags: { 'cost-center': 'identity 7' },
    };
    expect(environmentOf(written)).toEqual({ name: 'prod', ...written });
    expect(fitsSchema(fileOf(written))).toBe(true);
  });

  it('has a default for every part of a group of settings of its own', () => {
    expect(environmentOf({ ...least, api: { throttling: { burst: 7 } } }).api).toMatchObject({
      path: '/mfa',
      throttling: { ratePerSecond: 500, burst: 7 },
    });
  });

  it('begins the names that are not given with the prefix', () => {
    expect(environmentOf({ ...least, namePrefix: 'acme' }).stackName).toBe('acme-prod');
    expect(environmentOf({ ...least, namePrefix: 'acme', stackName: 'Codes' }).stackName).toBe('Codes');
  });

  it('has no prefix whose longest names would be longer than AWS takes', () => {
    const namePrefix = 'a'.repeat(32);
    const name = 'e'.repeat(31);
    const longest = valueIn(read({ environments: { [name]: { ...least, namePrefix } } })).get(name);
    // The configuration set has the stack's name, and takes 64.
    expect(longest?.stackName).toHaveLength(64);
    // us-gov-east-1, ap-southeast-1 and us-isob-east-1 are the longest Regions that there are.
    const bucket = defaultBucket({ namePrefix }, '123456789012', 'us-isob-east-1');
    expect(bucket).toBe(`${namePrefix}-123456789012-us-isob-east-1`);
    expect(bucket.length).toBeLessThanOrEqual(63);
    expect(problems(fileOf({ ...least, namePrefix: `${namePrefix}a` }))).toEqual([
      'environments.prod.namePrefix must be 1 to 32 lower-case letters, digits and hyphens, a letter first and no hyphen last, and nothing that S3 keeps for itself (xn--, sthree-, amzn-s3-demo-)',
    ]);
    expect(problems(fileOf({ ...least, artifactPrefix: '/tools/' }))).toEqual([
      'environments.prod.artifactPrefix must be folders without a slash at either end, such as tools/okta-otp',
    ]);
  });

  it('has no stack whose name its configuration set could not have', () => {
    expect(environmentOf({ ...least, stackName: 'a'.repeat(64) }).stackName).toHaveLength(64);
    for (const stackName of ['a'.repeat(65), 'All']) {
      expect(problems(fileOf({ ...least, stackName }))).toEqual([
        'environments.prod.stackName must be 1 to 64 letters, digits and hyphens, a letter first, and not All, which AWS WAF keeps for itself',
      ]);
    }
  });

  it('keeps the environments apart by their names', () => {
    const found = valueIn(read({ environments: { dev: least, prod: { ...least, region: 'us-east-1' } } }));
    expect([...found].map(([name, { stackName, region }]) => [name, stackName, region])).toEqual([
      ['dev', 'okta-otp-dev', 'eu-west-1'],
      ['prod', 'okta-otp-prod', 'us-east-1'],
    ]);
  });

  it('has all its problems reported at once, each with its place and none with a value', () => {
    const secret = 'p4ssw0rd with spaces';
    const file = {
      environments: {
        Prod: least,
        dev: {
          region: 'Ireland',
          okta: { issuer: secret, clientIds: [secret], scope: 7, next: {} },
          api: { path: 'mfa', allowedAddresses: ['10.0.0.0/8', '10.0.0.1'], throtling: {} },
          functions: { logRetentionDays: 31 },
          messaging: { regions: [], answers: { 'opted-out': 'ignore', nonsense: 'fallback' } },
          watching: { email: secret },
          tags: { 'aws:x': secret, ok: '' },
        },
      },
      enviroments: {},
    };
    const found = problems(file);
    expect(found.map((problem) => problem.split(' ')[0]).sort()).toEqual([
      'enviroments',
      'environments.Prod',
      'environments.dev.api.allowedAddresses[1]',
      'environments.dev.api.path',
      'environments.dev.api.throtling',
      'environments.dev.functions.logRetentionDays',
      'environments.dev.messaging.answers.nonsense',
      'environments.dev.messaging.answers.opted-out',
      'environments.dev.messaging.regions',
      'environments.dev.okta.clientIds[0]',
      'environments.dev.okta.issuer',
      'environments.dev.okta.next.issuer',
      'environments.dev.okta.scope',
      'environments.dev.region',
      'environments.dev.tags.aws:x',
      'environments.dev.tags.ok',
      'environments.dev.watching.email',
    ]);
    expect(found.join()).not.toContain('p4ssw0rd');
    expect(fitsSchema(file)).toBe(false);
  });

  it('that is no JSON says so', () => {
    expect(problemsIn(parseConfig('{'))).toEqual([{ path: '', message: 'is not valid JSON' }]);
  });
});

describe('what only the reading of okta-otp.json can tell', () => {
  // A JSON schema compares no two places with each other.
  const cases: readonly [string, unknown, string][] = [
    [
      'that one issuer shall replace itself',
      fileOf({ ...least, okta: { issuer, next: { issuer } } }),
      'environments.prod.okta must name another issuer under next',
    ],
    [
      'that more is provisioned than reserved',
      fileOf({ ...least, functions: { provisionedConcurrency: 3, reservedConcurrency: 2 } }),
      'environments.prod.functions must not provision more concurrency than it reserves',
    ],
    [
      'that two environments are one stack',
      { environments: { dev: { ...least, stackName: 'codes' }, prod: { ...least, stackName: 'codes' } } },
      'environments.prod is also the stack of "dev" in the same Region; give one of them another stackName',
    ],
  ];
  it.each(cases)('is %s', (_, file, problem) => {
    expect(fitsSchema(file)).toBe(true);
    expect(problems(file)).toEqual([problem]);
  });

  it('takes one stack name for two Regions, accounts or profiles', () => {
    const dev = { ...least, stackName: 'codes', account: '111111111111', profile: 'dev' };
    const { account: _, ...without } = dev;
    for (const prod of [
      { ...dev, region: 'eu-west-2' },
      { ...dev, account: '222222222222' },
      { ...without, profile: 'prod' },
    ]) {
      expect(read({ environments: { dev, prod } }).ok).toBe(true);
    }
    for (const prod of [{ ...dev, profile: 'prod' }, without]) {
      expect(read({ environments: { dev, prod } }).ok).toBe(false);
    }
  });
});

describe('the JSON schema of okta-otp.json', () => {
  /** Every place of a full file with values that are nearly, or only just, what it takes. */
  const places: readonly [place: readonly string[], values: readonly unknown[]][] = [
    [['region'], ['eu-west-1', 'eusc-de-east-1', 'us-gov-west-1', 'eu-west', 'EU-WEST-1', '', ' ', null, 1, undefined]],
    [['profile'], ['a', 'two words', '[x]', 'ü😀', '', null, undefined]],
    [['account'], ['123456789012', '12345678901', 123456789012, '12345678901a', undefined]],
    [['production'], [true, false, 'true', null, undefined]],
    [
      ['namePrefix'],
      [
        'a',
        'a-1',
        'a'.repeat(32),
        'a'.repeat(33),
        '1a',
        'a-',
        '-a',
        'A',
        'a_b',
        'a.b',
        'xn--a',
        'sthree-a',
        'amzn-s3-demo-a',
        '',
        null,
        undefined,
      ],
    ],
    [['stackName'], ['a', 'a'.repeat(64), 'a'.repeat(65), '1a', 'a_b', 'All', 'Alla', 'all', undefined]],
    [['catalog'], ['.', '../catalog', ' ', '', 7, undefined]],
    [['artifactBucket'], ['abc', 'ab', 'a'.repeat(63), 'a'.repeat(64), 'a.b.c', '-ab', 'Abc', undefined]],
    [
      ['artifactPrefix'],
      [
        'a',
        'a/b',
        'tools/okta-otp.v1',
        '/a',
        'a/',
        'a//b',
        '../a',
        'a b',
        'é',
        '',
        'a'.repeat(256),
        'a'.repeat(257),
        null,
        undefined,
      ],
    ],
    [
      ['okta', 'issuer'],
      [
        issuer,
        `${issuer}/`,
        'https://example.okta.com',
        'http://example.okta.com/oauth2/default',
        `https://${'a'.repeat(500)}.com/oauth2/default`,
        'https://example.okta.com/oauth2/default?x',
        undefined,
      ],
    ],
    [
      ['okta', 'audience'],
      ['api://default', 'a b', 'é', 'a'.repeat(1024), 'a'.repeat(1025), undefined],
    ],
    [
      ['okta', 'clientIds'],
      [
        [],
        ['a'],
        ['a,b'],
        ['a b'],
        ['a', ''],
        'a',
        Array(8).fill('a'),
        Array(9).fill('a'),
        ['a'.repeat(101)],
        undefined,
      ],
    ],
    [
      ['okta', 'scope'],
      ['a', 'a b', 'a'.repeat(257), '', undefined],
    ],
    [
      ['okta', 'next'],
      [{ issuer: `${issuer}2` }, {}, null, { issuer: `${issuer}2`, next: {} }, undefined],
    ],
    [
      ['okta', 'secret'],
      ['x', undefined],
    ],
    [
      ['api', 'stage'],
      ['prod', 'a b', '', 'a'.repeat(129), undefined],
    ],
    [
      ['api', 'path'],
      ['/mfa', 'mfa', '/a/b', '/', '/.x', '/a.x', undefined],
    ],
    [
      ['api', 'allowedAddresses'],
      [
        [],
        ['203.0.113.0/24', '::/1', '2001:db8::/32', 'fe80::1:2/128', '1:2:3:4:5:6:7:8/64', '1::/16', '::1/128'],
        ['0.0.0.0/0'],
        ['::/0'],
        ['256.0.0.0/8'],
        ['1.2.3/8'],
        ['1.2.3.4/33'],
        ['1:2:3:4:5:6:7:8:9/64'],
        ['1::2::3/64'],
        ['::1/129'],
        ['1.2.3.4'],
        undefined,
      ],
    ],
    [
      ['api', 'requestsPer5Minutes'],
      [10_000, 9_999, 2_000_000_000, 2_000_000_001, 10_000.5, '10000', undefined],
    ],
    [
      ['api', 'throttling'],
      [{}, { ratePerSecond: 0 }, { burst: 5_001 }, { burst: 5_000, rate: 1 }, [], undefined],
    ],
    [
      ['api', 'authorizerTtlSeconds'],
      [60, 59, 300, 301, undefined],
    ],
    [
      ['functions', 'memoryMb'],
      [256, 255, 10_240, 10_241, undefined],
    ],
    [
      ['functions', 'provisionedConcurrency'],
      [0, -1, 1_000, 1_001, undefined],
    ],
    [
      ['functions', 'reservedConcurrency'],
      [1_000, 0, 10_001, null, undefined],
    ],
    [
      ['functions', 'warmPing'],
      [true, 1, undefined],
    ],
    [
      ['functions', 'logRetentionDays'],
      [1, 2, 30, 3653, '30', undefined],
    ],
    [
      ['messaging', 'regions'],
      [['eu-west-1'], [], ['x'], 'eu-west-1', undefined],
    ],
    [
      ['messaging', 'answers'],
      [{}, { internal: 'error' }, { internal: 'x' }, { internal: null }, { other: 'error' }, undefined],
    ],
    [
      ['messaging', 'answerWithinMs'],
      [500, 499, 2_900, 2_901, undefined],
    ],
    [
      ['messaging', 'sendFloorMs'],
      [50, 49, 2_000, 2_001, undefined],
    ],
    [
      ['watching', 'email'],
      ['a@b.c', 'a@b', 'a b@c.d', `${'a'.repeat(320)}@b.c`, undefined],
    ],
    [
      ['watching', 'failureRatePercent'],
      [0.1, 0, 100, 100.1, '5', undefined],
    ],
    [
      ['watching', 'fallbackRatePercent'],
      [0.1, 0.05, 100, 101, undefined],
    ],
    [
      ['watching', 'blockedRatePercent'],
      [0.1, 0, 100, 100.5, '20', undefined],
    ],
    [
      ['watching', 'spendPercent'],
      [1, -1, undefined],
    ],
    [
      ['watching', 'dataProtection'],
      [true, 'yes', undefined],
    ],
    [
      ['data', 'customerManagedKey'],
      [true, 0, undefined],
    ],
    [
      ['data', 'other'],
      [1, undefined],
    ],
    [['tags'], [{}, { a: 'b' }, { 'AWS:a': 'b' }, { a: '' }, { a: ' b' }, { 'a b': 'c d' }, { a: 1 }, [], undefined]],
    [['other'], [1, undefined]],
  ];

  function put(into: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): unknown {
    if (rest.length === 0) return value === undefined ? into : { ...into, [first]: value };
    const inner = into[first];
    const below = typeof inner === 'object' && inner !== null ? { ...inner } : {};
    return value === undefined ? into : { ...into, [first]: put(below, rest, value) };
  }

  it.each(places)('agrees with the reading about %j', (place, values) => {
    const start =
      place[1] === 'issuer' ? { region: 'eu-west-1', okta: {} } : place[0] === 'region' ? { okta: { issuer } } : least;
    const judged = values.map((value) => {
      const file = fileOf(put(start, place, value));
      return { value, bySchema: fitsSchema(file), byReading: read(file).ok };
    });
    expect(judged.filter(({ bySchema, byReading }) => bySchema !== byReading)).toEqual([]);
    // Both answers, or the values prove nothing.
    expect(new Set(judged.map(({ byReading }) => byReading)).size).toBe(2);
  });

  it('agrees with the reading about files of any mixture', () => {
    const arbitrary = fc.tuple(
      ...places.map(([place, values]) =>
        // Most places right, or no file ever would be.
        fc.oneof(
          { weight: 12, arbitrary: fc.constant({ place, value: values[0] }) },
          { weight: 12, arbitrary: fc.constant({ place, value: undefined }) },
          { weight: 1, arbitrary: fc.constantFrom(...values).map((value) => ({ place, value })) },
        ),
      ),
    );
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(arbitrary, (settings) => {
        const meant = settings.filter(({ place }) => !['secret', 'other'].includes(place.at(-1) ?? ''));
        const file = fileOf(meant.reduce<unknown>((all, { place, value }) => put(Object(all), place, value), least));
        const { ok } = read(file);
        seen.add(ok);
        expect(fitsSchema(file)).toBe(ok);
      }),
      { numRuns: 2_000 },
    );
    expect(seen.size).toBe(2);
  });

  it.each([
    ['nothing', {}],
    ['no environment', { environments: {} }],
    ['a list', { environments: [least] }],
    ['no object', 7],
    ['null', null],
    ['a name with capitals', { environments: { Prod: least } }],
    ['a name that is too long', { environments: { ['a'.repeat(32)]: least } }],
    ['an unknown key', { environments: { prod: least }, env: 1 }],
    ['a schema that is no string', { $schema: 7, environments: { prod: least } }],
    ['an empty schema', { $schema: '', environments: { prod: least } }],
  ])('refuses %s, as the reading does', (_, file) => {
    expect([fitsSchema(file), read(file).ok]).toEqual([false, false]);
  });

  it('is accepted as $schema', () => {
    const file = { $schema: './okta-otp.schema.json', environments: { prod: least } };
    expect([fitsSchema(file), read(file).ok]).toEqual([true, true]);
  });

  it('knows the causes and answers of the failure policy', () => {
    const { properties } = schema.$defs.environment.properties.messaging.properties.answers;
    expect(Object.keys(properties)).toEqual(causeNames);
    expect(Object.values(properties)).toEqual(causeNames.map(() => ({ enum: answers })));
  });

  it('tells the defaults that the reading has', () => {
    const found = JSON.parse(JSON.stringify(environmentOf(least)));
    const compare = (
      properties: Record<string, { default?: unknown; properties?: never }>,
      real: Record<string, unknown>,
    ) => {
      for (const [name, setting] of Object.entries(properties)) {
        if (setting.default !== undefined) expect({ [name]: real[name] }).toEqual({ [name]: setting.default });
        if (setting.properties !== undefined && name in real) compare(setting.properties, Object(real[name]));
      }
    };
    compare(schema.$defs.environment.properties, found);
    expect(JSON.stringify(schema).match(/"default":/g)?.length).toBeGreaterThan(15);
  });
});
