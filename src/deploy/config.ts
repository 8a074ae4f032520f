import type { Decoded, Decoder, Problem } from '../core/decode.ts';
import {
  array,
  boolean,
  decode,
  exactObject,
  integer,
  isObject,
  number,
  oneOf,
  parseJson,
  record,
  refine,
  string,
  withDefault,
} from '../core/decode.ts';
import { answers, causeNames } from '../core/failure-policy.ts';
import type { Environment } from './environment.ts';
import {
  account,
  addressBlock,
  artifactPrefix,
  audience,
  bucketName,
  clientId,
  email,
  environmentName,
  environmentNameExpected,
  hookPath,
  issuer,
  namePrefix,
  profile,
  region,
  retentionDays,
  scope,
  stackName,
  stage,
  tagKey,
  tagKeyExpected,
  tagValue,
} from './setting-forms.ts';

/** The file in the operator's folder that describes where okta-otp runs. */
export const configFile = 'okta-otp.json';

/** Everything in `okta-otp.json`, by the names of the environments. */
export type Environments = ReadonlyMap<string, Environment>;

/** Reads the text of `okta-otp.json`; every problem is reported at once, with its path (`environments.prod.region`). */
export function parseConfig(text: string): Decoded<Environments> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const decoded = decode(config, json.value);
  if (!decoded.ok) return decoded;
  const all = Object.entries(decoded.value.environments).map(([name, written]) => toEnvironment(name, written));
  const problems = sharedStacks(all);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: new Map(all.map((of) => [of.name, of])) };
}

/** Left out, where null would rather be a slip: `"profile": null`. */
const maybe = <T>(decoder: Decoder<T>): Decoder<T | undefined> => withDefault<T | undefined>(decoder, undefined);

/** A group of settings each of which has a default, so that the group may be left out as a whole. */
const section =
  <T>(decoder: Decoder<T>): Decoder<T> =>
  (value, path, problems) =>
    decoder(value === undefined ? {} : value, path, problems);

/** Keys that are data have a form, too. */
const keyed =
  <T>(decoder: Decoder<T>, form: RegExp, expected: string): Decoder<T> =>
  (value, path, problems) => {
    for (const key of isObject(value) ? Object.keys(value) : []) {
      if (!form.test(key)) problems.push({ path: `${path}.${key}`, message: `must be named with ${expected}` });
    }
    return decoder(value, path, problems);
  };

/** As many as fit into the one variable that the authorizer reads them from. */
const clientIds = withDefault(
  refine(array(clientId), (ids, refuse) => (ids.length <= 8 ? ids : refuse('must be 8 client ids at most'))),
  [],
);

const tokens = { issuer, audience: maybe(audience), clientIds, scope: maybe(scope) };

const okta = refine(exactObject({ ...tokens, next: maybe(exactObject(tokens)) }), (written, refuse) =>
  written.next?.issuer === written.issuer ? refuse('must name another issuer under next') : written,
);

const api = section(
  exactObject({
    stage: withDefault(stage, 'prod'),
    path: withDefault(hookPath, '/mfa'),
    allowedAddresses: withDefault(array(addressBlock), []),
    // Okta's requests come from few addresses: less than this would turn codes away at nine o'clock.
    requestsPer5Minutes: withDefault(integer({ min: 10_000, max: 2_000_000_000 }), 10_000),
    throttling: section(
      exactObject({
        // The account's own limits in a Region, which no API of it can exceed.
        // https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
        ratePerSecond: withDefault(integer({ min: 1, max: 10_000 }), 500),
        burst: withDefault(integer({ min: 1, max: 5_000 }), 1_000),
      }),
    ),
    authorizerTtlSeconds: withDefault(integer({ min: 60, max: 300 }), 300),
  }),
);

const functions = section(
  refine(
    exactObject({
      // Below this a cold start takes longer than Okta waits; the maximum is Lambda's.
      memoryMb: withDefault(integer({ min: 256, max: 10_240 }), 1_024),
      provisionedConcurrency: withDefault(integer({ min: 0, max: 1_000 }), 0),
      reservedConcurrency: maybe(integer({ min: 1, max: 10_000 })),
      warmPing: withDefault(boolean, false),
      logRetentionDays: withDefault(retentionDays, 30),
    }),
    // https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
    (written, refuse) =>
      written.provisionedConcurrency > (written.reservedConcurrency ?? Number.POSITIVE_INFINITY)
        ? refuse('must not provision more concurrency than it reserves')
        : written,
  ),
);

const messaging = section(
  exactObject({
    regions: maybe(
      refine(array(region), (regions, refuse) => (regions.length > 0 ? regions : refuse('must name a Region'))),
    ),
    answers: withDefault(
      exactObject(Object.fromEntries(causeNames.map((cause) => [cause, maybe(oneOf(answers))]))),
      {},
    ),
    // Okta waits for 3 s; both ranges are the sender's own.
    answerWithinMs: maybe(integer({ min: 500, max: 2_900 })),
    sendFloorMs: maybe(integer({ min: 50, max: 2_000 })),
  }),
);

const percent = number({ min: 0.1, max: 100 });

const watching = section(
  exactObject({
    email: maybe(email),
    failureRatePercent: withDefault(percent, 5),
    fallbackRatePercent: withDefault(percent, 10),
    blockedRatePercent: withDefault(percent, 20),
    spendPercent: withDefault(percent, 80),
    dataProtection: withDefault(boolean, false),
  }),
);

const environment = exactObject({
  region,
  profile: maybe(profile),
  account: maybe(account),
  production: withDefault(boolean, false),
  namePrefix: withDefault(namePrefix, 'okta-otp'),
  stackName: maybe(stackName),
  catalog: withDefault(string(), 'catalog'),
  artifactBucket: maybe(bucketName),
  artifactPrefix: maybe(artifactPrefix),
  okta,
  api,
  functions,
  messaging,
  watching,
  data: section(exactObject({ customerManagedKey: withDefault(boolean, false) })),
  tags: withDefault(keyed(record(tagValue), tagKey, tagKeyExpected), {}),
});

type Written = typeof environment extends Decoder<infer T> ? T : never;

const config = exactObject({
  $schema: maybe(string()),
  environments: refine(keyed(record(environment), environmentName, environmentNameExpected), (all, refuse) =>
    Object.keys(all).length > 0 ? all : refuse('must have one environment at least'),
  ),
});

function toEnvironment(name: string, written: Written): Environment {
  const { answers: overrides } = written.messaging;
  const chosen = causeNames.flatMap((cause) => {
    const answer = overrides[cause];
    return answer === undefined ? [] : [[cause, answer] as const];
  });
  return {
    ...written,
    name,
    stackName: written.stackName ?? `${written.namePrefix}-${name}`,
    messaging: { ...written.messaging, answers: Object.fromEntries(chosen) },
  };
}

/** Two environments in one stack would undo each other at every deployment. */
function sharedStacks(all: readonly Environment[]): readonly Problem[] {
  return all.flatMap((one, index) => {
    const other = all.slice(0, index).find((before) => isSameStack(before, one));
    if (other === undefined) return [];
    const message = `is also the stack of "${other.name}" in the same Region; give one of them another stackName`;
    return [{ path: `environments.${one.name}`, message }];
  });
}

function isSameStack(a: Environment, b: Environment): boolean {
  const areApart =
    a.account !== undefined && b.account !== undefined ? a.account !== b.account : a.profile !== b.profile;
  return a.stackName === b.stackName && a.region === b.region && !areApart;
}
