import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { functionBundle } from '../src/cli/paths.ts';
import { isObject } from '../src/core/decode.ts';
import { simulateRequest } from '../src/core/simulated-request.ts';
import { signJwt } from '../src/okta/sign-jwt.ts';
import type { Load } from './in-flight.ts';
import { measureInFlight } from './in-flight.ts';
import type { Measured, Variant } from './probe.ts';
import { measureInTurn, middle, startServer } from './probe.ts';

// npm run bench [-- --rounds 11 --seconds 60 --save --json]: measures what is deployed against a floor, in fresh processes
// on Lambda's Node major. Milliseconds are this machine's; the ratios, from one run, are what counts.
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '11' },
    seconds: { type: 'string', default: '10' },
    save: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(flags.rounds);
const warmCalls = '400';
const here = import.meta.dirname;
const baselineFile = join(here, 'baseline.json');
const work = mkdtempSync(join(tmpdir(), 'okta-otp-bench-'));
const say = (text: string) => process.stderr.write(`${text}\n`);

const floor = join(work, 'floor.cjs');
await build({
  entryPoints: [join(here, 'floor.ts')],
  outfile: floor,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
});

const hookEvent = join(work, 'hook-event.json');
const hookBody = simulateRequest({
  eventId: 'bench',
  now: Date.now(),
  channel: 'sms',
  requestType: 'mfa-verification',
  phoneNumber: '+34612345678',
  otp: '123456',
  locale: 'es-MX',
});
writeFileSync(hookEvent, JSON.stringify({ body: JSON.stringify(hookBody), requestContext: { requestTimeEpoch: 0 } }));

function senderVariants(url: string, suffix: string, ledger: boolean): Variant[] {
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: url,
    OKTA_OTP_CATALOG_TABLE: 'catalog',
    BENCH_URL: url,
    ...(ledger ? { OKTA_OTP_LEDGER_TABLE: 'ledger', BENCH_LEDGER: 'true' } : {}),
  };
  const probe = (bundle: string) => [join(here, 'probe.cjs'), bundle, warmCalls, hookEvent];
  return [
    { name: `floor${suffix}`, args: probe(floor), env },
    { name: `sender${suffix}`, args: probe(functionBundle('sender')), env },
    {
      name: `sender${suffix}, compile cache`,
      args: probe(functionBundle('sender')),
      env: { ...env, NODE_COMPILE_CACHE: join(work, 'compile-cache') },
    },
  ];
}

async function measureSender(): Promise<Map<string, Measured>> {
  const found = new Map<string, Measured>();
  for (const ledger of [true, false]) {
    const stub = await startServer([join(here, 'stub-server.ts'), '4']);
    say(`sender ${ledger ? 'with ledger' : 'bare'}: ${rounds} rounds`);
    const suffix = ledger ? '' : ', bare';
    for (const [name, row] of await measureInTurn(senderVariants(stub.url, suffix, ledger), rounds))
      found.set(name, row);
    stub.stop();
  }
  for (const templates of [400, 10_000]) {
    const stub = await startServer([join(here, 'stub-server.ts'), String(templates)]);
    say(`sender with ${templates} templates: ${rounds} rounds`);
    const variants = senderVariants(stub.url, `, ${templates} templates`, true).slice(1, 2);
    for (const [name, row] of await measureInTurn(variants, rounds)) found.set(name, row);
    stub.stop();
  }
  return found;
}

/** AWS calls of the n-th delivery of a container: what more deliveries cost, divided. */
async function measureCalls(ledger: boolean): Promise<{ readonly cold: number; readonly warm: number }> {
  const stub = await startServer([join(here, 'stub-server.ts'), '4']);
  const callsSoFar = async () => Number(await (await fetch(`${stub.url}/calls`)).text());
  const [, variant] = senderVariants(stub.url, '', ledger);
  if (variant === undefined) throw new Error('there is no variant to measure');
  const run = async (calls: number) => {
    const before = await callsSoFar();
    const [probe = '', bundle = '', , event = ''] = variant.args;
    await measureInTurn([{ ...variant, args: [probe, bundle, String(calls), event] }], 1);
    return (await callsSoFar()) - before;
  };
  const cold = await run(0);
  const warm = ((await run(10)) - cold) / 10;
  stub.stop();
  return { cold, warm };
}

async function measureAuthorizer(): Promise<Map<string, Measured>> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'bench', use: 'sig', alg: 'RS256' };
  const stub = await startServer([join(here, 'stub-server.ts'), '4', JSON.stringify({ keys: [jwk] })]);
  const issuer = `${stub.url}/oauth2/default`;
  const now = Math.floor(Date.now() / 1000);
  const token = await signJwt(
    privateKey,
    { kid: 'bench' },
    {
      ver: 1,
      jti: 'AT.bench',
      iss: issuer,
      aud: 'api://default',
      iat: now,
      exp: now + 3600,
      cid: '0oabench',
      scp: ['telephony.hook'],
      sub: '0oabench',
    },
  );
  const event = join(work, 'token-event.json');
  const methodArn = 'arn:aws:execute-api:us-east-1:000000000000:bench/prod/POST/mfa';
  writeFileSync(event, JSON.stringify({ type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn }));
  const bare = join(work, 'bare.json');
  writeFileSync(bare, JSON.stringify({ token, jwk }));
  const env = { OKTA_ISSUER: issuer, OKTA_CLIENT_IDS: '0oabench', OKTA_SCOPE: 'telephony.hook' };
  say(`authorizer: ${rounds} rounds`);
  const found = await measureInTurn(
    [
      { name: 'RS256 verify', args: [join(here, 'verify.cjs'), warmCalls, bare], env: {} },
      { name: 'authorizer', args: [join(here, 'probe.cjs'), functionBundle('authorizer'), warmCalls, event], env },
    ],
    rounds,
  );
  stub.stop();
  return found;
}

/** CPU of the command line's help against that of an empty Node: the median of pairs. */
function measureHelp(): number {
  const cpuOf = (args: readonly string[]) => {
    const { stderr } = spawnSync(process.execPath, ['--require', join(here, 'cpu.cjs'), ...args], { encoding: 'utf8' });
    return Number(/cpu (\d+)/.exec(stderr)?.[1]);
  };
  const cli = join(here, '..', 'bin', 'okta-otp.js');
  return middle(Array.from({ length: rounds }, () => cpuOf([cli, '--help']) / cpuOf(['-e', '0'])));
}

say(`Node ${process.version}; medians of ${rounds} fresh processes each, in turn`);
const processes = new Map([...(await measureSender()), ...(await measureAuthorizer())]);
const calls = { ledger: await measureCalls(true), bare: await measureCalls(false) };
const loads: Load[] = [];
for (const inFlight of [1, 50, 200]) {
  say(`${inFlight} in flight for ${flags.seconds} s`);
  loads.push(await measureInFlight(inFlight, Number(flags.seconds)));
}
const help = measureHelp();
rmSync(work, { recursive: true });

const row = (name: string) => {
  const found = processes.get(name);
  if (found === undefined) throw new Error(`nothing was measured for ${name}`);
  return found;
};
const times = (name: string, base: string, figure: keyof Measured) => row(name)[figure] / row(base)[figure];
const kilobytes = (name: 'sender' | 'authorizer') => statSync(functionBundle(name)).size / 1000;
const [, , heaviest] = loads;

/** What is promised, each as a ratio or a count of this run. */
const targets: readonly { readonly figure: string; readonly value: number; readonly atMost: number }[] = [
  { figure: 'AWS calls on a warm delivery, with ledger', value: calls.ledger.warm, atMost: 3 },
  { figure: 'AWS calls on a warm delivery, bare', value: calls.bare.warm, atMost: 1 },
  { figure: 'sender load + first delivery / floor', value: times('sender', 'floor', 'cold'), atMost: 3 },
  { figure: '… with a compile cache', value: times('sender, compile cache', 'floor', 'cold'), atMost: 3 },
  { figure: 'sender warm p50 / floor', value: times('sender', 'floor', 'p50'), atMost: 3 },
  { figure: 'sender warm p99 / floor', value: times('sender', 'floor', 'p99'), atMost: 3 },
  {
    figure: 'sender warm p50, 10000 templates / 4',
    value: times('sender, 10000 templates', 'sender', 'p50'),
    atMost: 1.2,
  },
  {
    figure: 'sender load + first delivery, 10000 templates / 4',
    value: times('sender, 10000 templates', 'sender', 'cold'),
    atMost: 6,
  },
  { figure: 'authorizer warm p50 / bare RS256 verify', value: times('authorizer', 'RS256 verify', 'p50'), atMost: 8 },
  { figure: 'sender bundle, KB', value: kilobytes('sender'), atMost: 700 },
  { figure: 'authorizer bundle, KB', value: kilobytes('authorizer'), atMost: 190 },
  { figure: '200 in flight: lost', value: heaviest?.lost ?? Number.NaN, atMost: 0 },
  { figure: '200 in flight: doubled', value: heaviest?.doubled ?? Number.NaN, atMost: 0 },
  { figure: '200 in flight: memory, second half / first', value: heaviest?.memoryGrowth ?? Number.NaN, atMost: 1.25 },
  { figure: 'CPU of okta-otp --help / node -e 0', value: help, atMost: 2.6 },
];

const report = { node: process.version, rounds, processes: Object.fromEntries(processes), calls, loads, targets };
const baseline: unknown = existsSync(baselineFile) ? JSON.parse(readFileSync(baselineFile, 'utf8')) : undefined;
if (flags.save) writeFileSync(baselineFile, `${JSON.stringify(report, undefined, 2)}\n`);
process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : renderReport());

function renderReport(): string {
  const lines = [
    '',
    `${'ms (medians)'.padEnd(32)}${['load', 'first', 'cold', 'p50', 'p99', 'MB'].map((name) => name.padStart(9)).join('')}`,
    ...[...processes].map(
      ([name, { load, first, cold, p50, p99, rssMb }]) =>
        `${name.padEnd(32)}${[load, first, cold, p50, p99, rssMb].map((value) => value.toFixed(2).padStart(9)).join('')}`,
    ),
    '',
    `${'through the local gateway'.padEnd(32)}${['requests', 'lost', 'doubled', 'fallback', 'p50', 'p99'].map((name) => name.padStart(9)).join('')}`,
    ...loads.map(
      ({ inFlight, requests, lost, doubled, fallbacks, p50, p99 }) =>
        `${`${inFlight} in flight`.padEnd(32)}${[requests, lost, doubled, fallbacks].map((value) => String(value).padStart(9)).join('')}${[p50, p99].map((value) => value.toFixed(1).padStart(9)).join('')}`,
    ),
    '',
    `${'target'.padEnd(46)}${['here', 'at most', 'baseline'].map((name) => name.padStart(10)).join('')}`,
    ...targets.map(
      ({ figure, value, atMost }) =>
        `${value <= atMost ? '✔' : '✘'} ${figure.padEnd(44)}${value.toFixed(2).padStart(10)}${String(atMost).padStart(10)}${baselineOf(figure).padStart(10)}`,
    ),
    '',
    'The floor, in bench/floor.ts, makes the same calls by hand-signed POSTs, parses one number, and does nothing else:',
    ...readFileSync(join(here, 'floor.ts'), 'utf8')
      .split('\n')
      .map((line) => `  ${line}`),
    '',
  ];
  return lines.join('\n');
}

function baselineOf(figure: string): string {
  const known =
    isObject(baseline) && Array.isArray(baseline['targets'])
      ? baseline['targets'].find((target: unknown) => isObject(target) && target['figure'] === figure)
      : undefined;
  return isObject(known) && typeof known['value'] === 'number' ? known['value'].toFixed(2) : '';
}
