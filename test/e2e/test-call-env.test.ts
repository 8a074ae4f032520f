import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReceipts } from '../../src/local/receipts.ts';
import { serve } from '../../src/local/serve.ts';
import { selfSigned } from '../support/certificate.ts';
import type { DeployWorld } from '../support/deploy-world.ts';
import { stackName, useDeployWorld } from '../support/deploy-world.ts';
import type { DeployedChain } from '../support/deployed-chain.ts';
import { hookApp, names, oktaSettings, otherApp, otherIssuer, startDeployedChain } from '../support/deployed-chain.ts';
import { marked } from '../support/marked.ts';

const certificate = selfSigned(names);
afterAll(() => certificate?.remove());

const toPhone = [marked.phone, '--otp', marked.otp];
const bySecret = { OKTA_OTP_CLIENT_SECRET: hookApp.secret };
const byKey = ['--key-file', 'operator.pem', '--key-id', hookApp.kid];

/**
 * Everything between `deploy` and a phone, as a process that knows the environment's name alone: it finds the hook in the
 * stack, gets its token at Okta's name, and goes to the hook's own URL. Names lead here as a company's proxy would lead
 * them, by Node's settings for one, so that nothing in the command is otherwise than in the world.
 */
describe.skipIf(certificate === undefined)('test-call --env', () => {
  const startWorld = useDeployWorld();
  let world: DeployWorld;
  let chain: DeployedChain;

  const deployed = async (okta: object = oktaSettings) => {
    if (certificate === undefined) throw new Error('there is no certificate');
    world = await startWorld();
    // One language and two countries: a matrix of a dozen cells.
    await rm(join(world.dir, 'catalog', 'templates', 'es.json'));
    const identities = JSON.stringify({ ES: ['+34600000001'], KP: { enabled: 'blocked' } });
    await world.writeCatalog({ path: 'originationIdentities.json', text: identities });
    await world.configure({ okta });
    const { code, err } = await world.run(['deploy', '--yes']);
    expect({ code, last: err.slice(-200) }).toMatchObject({ code: 0 });
    chain = await startDeployedChain(world, certificate);
  };
  beforeEach(async () => {
    await deployed();
  });
  afterEach(() => chain.close());

  const told = async (args: readonly string[], env: Readonly<Record<string, string>> = bySecret) => {
    const { code, out, err } = await chain.call([...toPhone, ...args, '--json'], env);
    expect(err).toBe('');
    return { code, ...JSON.parse(out) };
  };

  it('delivers by name of the environment alone, with a key and with a secret', async () => {
    const key = await chain.call([...toPhone, ...byKey]);
    expect(key).toMatchObject({ code: 0, err: '' });
    expect(key.out).toMatch(/^token .* private_key_jwt, client 0oahookclient, scope telephony\.hook$/m);
    expect(key.out).toMatch(/^gateway .* POST answered with HTTP 200$/m);
    expect(key.out).toMatch(/^✔ Okta takes the code for sent/m);
    expect(key.out).not.toContain(marked.otp);
    expect(key.out).not.toContain(marked.phone.slice(1));

    const secret = await told(['--expect', 'status=SUCCESSFUL', '--expect', 'channel=sms']);
    expect(secret).toMatchObject({ code: 0, target: 'url', token: { method: 'client_secret_post' }, unmet: [] });
    expect(chain.received().map(({ to }) => to)).toEqual([marked.phone, marked.phone]);
    expect(chain.received().at(-1)?.messageId).toBe(secret.reply.commands[0].value[0].transactionId);
    const logged = chain.lines.join('\n');
    expect(logged).toContain('"outcome":"allow"');
    for (const private_ of [marked.otp, marked.phone.slice(1), hookApp.secret, 'eyJ']) {
      expect(logged).not.toContain(private_);
    }
  });

  it('holds a delivery against expectations, repeats it, and goes through the matrix of the environment', async () => {
    expect(await told(['--expect', 'channel=voice'])).toMatchObject({
      code: 3,
      unmet: [{ name: 'channel', expected: 'voice', got: 'sms' }],
    });
    const repeated = await told(['--repeat', '6', '--concurrency', '2', '--yes']);
    expect(repeated).toMatchObject({ code: 0, calls: 6, good: 6, failures: [], latency: { count: 6 } });
    const sent = chain.received().length;

    const { code, out, err } = await chain.call(['--matrix', '--concurrency', '2', '--junit', 'report.xml'], bySecret);
    expect(err).toMatch(/^\d+ calls of the deployed hook: dry runs\.\n$/);
    expect(out).toMatch(/^KP +✔ +✔$/m);
    expect(out).toMatch(/^✔ 12 of 12 cells good/m);
    expect(code).toBe(0);
    // Dry runs, all of them.
    expect(chain.received()).toHaveLength(sent);

    // A language that is in a folder and was never published is not what the hook sends, and the gate says so.
    const two = join(world.dir, 'two');
    await cp(join(world.dir, 'catalog'), two, { recursive: true });
    const es = { locale: 'es', reviewed: true, sms: { text: '{{otp}} es tu clave.' }, voice: null };
    await writeFile(join(two, 'templates', 'es.json'), JSON.stringify(es));
    const ahead = await chain.call(['--matrix', '--concurrency', '2', '--dir', two], bySecret);
    expect(ahead).toMatchObject({ code: 3, err: expect.stringContaining('dry runs') });
    expect(ahead.out).toMatch(/^es( +✘){4}( +✔){4}$/m);
    expect(ahead.out).toMatch(/^✘ es sms mfa-verification: expected locale es, got en$/m);
    expect(ahead.out).toMatch(/^✘ 16 of 20 cells good, 4 failed/m);
  });

  it('follows the message to its receipt, in the configuration set of the stack', async () => {
    const outputs = world.aws.cloudformation.stack(stackName)?.resources.get('ConfigurationSet');
    const name = outputs?.physicalId ?? '';
    const sets = [{ name: 'another' }, { name, logGroup: '/otp/receipts' }];
    const receipts = createReceipts({ configurationSets: sets });
    const server = await serve(async (request, connection) => {
      // The carrier is done by the time that anybody looks.
      const last = chain.received().at(-1);
      const event = {
        eventType: 'TEXT_DELIVERED',
        isFinal: true,
        messageId: last?.messageId,
        messageStatus: 'DELIVERED',
      };
      const line = JSON.stringify({ ...event, eventVersion: '1.0', eventTimestamp: Date.now(), isoCountryCode: 'ES' });
      receipts.log('/otp/receipts', line, Date.now());
      return await receipts.serve(request, connection);
    });
    const env = {
      ...bySecret,
      AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: server.url,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: server.url,
    };
    const delivered = await told(['--wait', '--expect', 'receipt=TEXT_DELIVERED'], env);
    await server.close();
    expect(delivered).toMatchObject({ code: 0, receipt: { kind: 'final', last: { eventType: 'TEXT_DELIVERED' } } });
  });

  it('says by which claim the authorizer refuses a token, and where to read on', async () => {
    const log = expect.stringMatching(/; its log: aws logs tail \S*[Aa]uthorizer\S* --since 10m --region us-east-1$/);
    const refused = (means: string) => ({
      code: 3,
      gateway: { status: 401 },
      failure: {
        hop: 'authorizer',
        answered: 'HTTP 401 UnauthorizedException',
        means: expect.stringContaining(means),
        next: log,
      },
    });
    const other = { OKTA_OTP_CLIENT_SECRET: otherApp.secret };
    expect(await told(['--client-id', otherApp.clientId], other)).toMatchObject(
      refused('its client is 0oaotherclient, and okta-otp.json accepts 0oahookclient'),
    );
    expect(await told(['--scope', hookApp.otherScope])).toMatchObject(
      refused('its scope is other.scope, and okta-otp.json accepts telephony.hook'),
    );
    expect(await told(['--issuer', otherIssuer])).toMatchObject(
      refused(`its issuer is ${otherIssuer}, and okta-otp.json accepts ${oktaSettings.issuer}`),
    );
    // The file has gone on, and the stack has not.
    await world.configure({ okta: { ...oktaSettings, audience: 'api://next' } });
    expect(await told([])).toMatchObject({ code: 0 });
    await world.configure({ okta: { ...oktaSettings, scope: hookApp.otherScope } });
    expect(await told([])).toMatchObject({
      ...refused('though okta-otp.json would'),
      failure: { next: expect.stringMatching(/^okta-otp diff --env prod; its log: /) },
    });
    const reasons = chain.lines.flatMap((line) => /"reason":"([^"]+)"/.exec(line)?.[1] ?? []);
    expect(reasons).toEqual(['wrong client', 'wrong scope', 'unknown issuer', 'wrong scope']);
    expect(chain.received()).toHaveLength(1);
  });

  it('names the hop that answers in place of the sender, and its log', async () => {
    const answers: readonly (readonly [hop: string, status: number, type: string, means: string, log: RegExp])[] = [
      ['firewall', 403, 'ForbiddenException', 'AWS WAF', /aws-waf-logs/],
      ['gateway', 403, 'MissingAuthenticationTokenException', 'nothing at this path', /Access/],
      ['gateway', 429, 'LimitExceededException', 'throttles', /Access/],
      ['authorizer', 500, 'AuthorizerConfigurationException', 'the function failed', /Authorizer/i],
      ['sender', 502, 'InternalServerErrorException', 'the function failed', /Sender/i],
      ['sender', 504, 'InternalServerErrorException', 'in time', /Sender/i],
    ];
    for (const [hop, status, type, means, log] of answers) {
      chain.intercept(() => Response.json({ message: 'x' }, { status, headers: { 'x-amzn-errortype': type } }));
      const { code, failure } = await told([]);
      expect(code).toBe(3);
      expect(failure).toMatchObject({ hop, answered: `HTTP ${status} ${type}`, means: expect.stringContaining(means) });
      expect(failure.next).toMatch(/; its log: aws logs tail \S+ --since 10m --region us-east-1$/);
      expect(failure.next).toMatch(log);
    }
  });

  it('names the catalog for a country that it does not serve, and Okta for a token that it does not give', async () => {
    const unlisted = await chain.call(['+33612345678', '--otp', marked.otp, '--json'], bySecret);
    expect(unlisted.code).toBe(3);
    expect(JSON.parse(unlisted.out).failure).toMatchObject({ hop: 'catalog', answered: 'cause country-unlisted' });

    const wrong = await chain.call([...toPhone, '--json'], { OKTA_OTP_CLIENT_SECRET: otherApp.secret });
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(wrong.err).error).toMatchObject({ code: 'token-refused' });
    expect(wrong.err).not.toContain(otherApp.secret);
  });

  it('says that a certificate is not trusted, and that a name is not there', async () => {
    const untrusted = await chain.call([...toPhone, '--json'], { ...bySecret, NODE_EXTRA_CA_CERTS: '' });
    expect(untrusted).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(untrusted.err).error).toMatchObject({
      code: 'hop-tls',
      message: 'TLS with the token endpoint failed: its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
    const elsewhere = ['--issuer', 'https://elsewhere.okta.com/oauth2/default'];
    const unknown = await chain.call([...toPhone, ...elsewhere, '--json'], bySecret);
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(unknown.err).error).toMatchObject({
      code: 'hop-unreachable',
      message: 'the token endpoint could not be reached: the proxy of HTTPS_PROXY did not connect (UND_ERR_ABORTED)',
    });
  });
});
