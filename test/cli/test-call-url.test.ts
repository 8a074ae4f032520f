import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { causeNames } from '../../src/core/failure-policy.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { serve } from '../../src/local/serve.ts';
import { hookClient, sentReply, useDeployedHook } from '../support/deployed-hook.ts';
import { createFakeContext } from '../support/fake-context.ts';
import { useLocalCloud } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';

const deployed = useDeployedHook();
const toPhone = [marked.phone, '--otp', marked.otp];
const noSecret = { env: {} };

/** Okta's documented request, typed off its reference. https://developer.okta.com/docs/guides/telephony-inline-hook/ */
const documented = (requestType: string) => ({
  eventId: 'uS5871kJThSsU8qlA1LTcg',
  eventTime: '2022-01-28T21:43:40.000Z',
  eventType: 'com.okta.telephony.provider',
  eventTypeVersion: '1.0',
  contentType: 'application/json',
  cloudEventVersion: '0.1',
  source: 'https://example.okta.com/api/v1/inlineHooks/calz6lVQA77AwFeEe0g3',
  requestType: `com.okta.user.telephony.${requestType}`,
  data: {
    context: {
      request: {
        id: 'reqRgSk8IBBRhuo0YdlEDTmUw',
        method: 'POST',
        url: { value: '/api/internal/v1/inlineHooks/com.okta.telephony.provider/generatePreview' },
        ipAddress: '127.0.0.1',
      },
    },
    userProfile: { firstName: 'test', lastName: 'user', login: 'test.user@okta.com', userId: '00uyxxSknGtK8022w0g3' },
    messageProfile: {
      msgTemplate: '(HOOK)Your code is 11111',
      phoneNumber: '9876543210',
      otpExpires: '2022-01-28T21:48:34.321Z',
      deliveryChannel: 'SMS',
      otpCode: '11111',
      locale: 'EN-US',
    },
  },
});

const leavesOf = (value: object, above = ''): (readonly [string, unknown])[] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null
      ? leavesOf(inner, `${above}${key}.`)
      : [[`${above}${key}`, inner] as const],
  );

describe.each(['pre-enrollment', 'mfa-verification', 'account-unlock', 'password-reset'])(
  'the request for %s',
  (requestType) => {
    it("equals Okta's documented one, field for field, once its values are set", async () => {
      const sample = documented(requestType);
      const sets = leavesOf(sample).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
      expect((await deployed().call(sets)).code).toBe(0);
      expect(deployed().posted.map(({ body }) => JSON.stringify(body))).toEqual([JSON.stringify(sample)]);
    });

    it('has the same fields in the same order and of the same kinds without any', async () => {
      expect((await deployed().call([...toPhone, '--request-type', requestType])).code).toBe(0);
      const [post] = deployed().posted;
      const kinds = (body: object) => leavesOf(body).map(([path, value]) => `${path}: ${typeof value}`);
      expect(kinds(post?.body ?? {})).toEqual(kinds(documented(requestType)));
      const same = ['eventType', 'eventTypeVersion', 'contentType', 'cloudEventVersion', 'requestType'];
      const constants = (body: object) => leavesOf(body).filter(([path]) => same.includes(path));
      expect(constants(post?.body ?? {})).toEqual(constants(documented(requestType)));
    });
  },
);

describe('test-call --url', () => {
  it('posts as Okta does, with a token of the hook, and shows what came back', async () => {
    const { code, out, err } = await deployed().call(toPhone);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^token .* client_secret_post, client 0oahookclient, scope telephony\.hook$/m);
    expect(out).toMatch(/^✔ Okta takes the code for sent/m);
    const [post] = deployed().posted;
    expect(post?.headers.get('authorization')).toMatch(/^Bearer eyJ/);
    expect(post?.headers.get('content-type')).toBe('application/json');
    expect(post?.headers.get('accept')).toBe('application/json');
    expect(out).not.toContain(marked.otp);
    expect(out).not.toContain(marked.phone.slice(1));
  });

  it.each([
    ['a PEM file and the id of the key', hookClient.pem, ['--key-id', hookClient.kid]],
    ['a JWK file that has its id', hookClient.jwk, []],
  ])('gets a token by private_key_jwt with %s', async (_, key, more) => {
    const file = deployed().write('operator.key', key);
    const { code, out } = await deployed().call([...toPhone, '--key-file', file, ...more], noSecret);
    expect(code).toBe(0);
    expect(out).toMatch(/^token .* private_key_jwt, client 0oahookclient/m);
  });

  it('takes the key from the environment, and the secret from a file', async () => {
    const fromEnv = await deployed().call([...toPhone, '--json'], { env: { OKTA_OTP_CLIENT_KEY: hookClient.jwk } });
    expect(JSON.parse(fromEnv.out)).toMatchObject({ token: { method: 'private_key_jwt' } });
    const file = deployed().write('secret.txt', `${hookClient.secret}\n`);
    const fromFile = await deployed().call([...toPhone, '--secret-file', file, '--json'], noSecret);
    expect(JSON.parse(fromFile.out)).toMatchObject({ token: { method: 'client_secret_post' } });
  });

  it('says that nothing was sent where the reply has a cause, or names no message', async () => {
    const blocked = { status: 'SUCCESSFUL', transactionMetadata: 'cause=protect-country-blocked' };
    const nameless = { status: 'SUCCESSFUL', provider: 'another' };
    const told = async (value: object, ...args: readonly string[]) => {
      deployed().answerWith(() => Response.json({ commands: [{ type: 'com.okta.telephony.action', value: [value] }] }));
      return await deployed().call([...toPhone, ...args]);
    };
    const { code, out } = await told(blocked);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^! nothing was sent: the protect configuration blocks this country \(protect-country-blocked\)$/m,
    );
    expect(out).toMatch(/^stopped by {2}End User Messaging$/m);
    expect((await told(nameless)).out).toMatch(/^! nothing was sent: the reply names no message$/m);
    const repeated = await told(nameless, '--repeat', '1', '--json');
    expect(repeated.code).toBe(3);
    expect(JSON.parse(repeated.out)).toMatchObject({ good: 0, sent: 0, failures: [{ cause: 'no-message', count: 1 }] });
  });

  it('does not take it for a dry run that it asked for one', async () => {
    const { out } = await deployed().call([...toPhone, '--dry-run']);
    expect(out).toMatch(/^! the hook does not say that this was a dry run: it has probably sent a message$/m);
    const repeated = await deployed().call([...toPhone, '--dry-run', '--repeat', '1', '--json']);
    expect(repeated.code).toBe(3);
    expect(JSON.parse(repeated.out)).toMatchObject({ good: 0, sent: 1, failures: [{ cause: 'no-dry-run', count: 1 }] });
  });

  it('shows nothing of code, number, token, key or secret, even if the hook says them back', async () => {
    deployed().answerWith((body) => Response.json({ ...sentReply(), echo: JSON.stringify(body), token: 'x' }));
    for (const json of [[], ['--json']]) {
      const { out, err } = await deployed().call([...toPhone, ...json]);
      for (const secret of [marked.otp, marked.phone.slice(1), hookClient.secret, 'Bearer', 'eyJ']) {
        expect(out + err).not.toContain(secret);
      }
    }
    deployed().answerWith(() => {
      const token = deployed().posted.at(-1)?.headers.get('authorization')?.slice('Bearer '.length);
      return Response.json({ ...sentReply(), token });
    });
    expect((await deployed().call([...toPhone, '--json'])).out).not.toContain('eyJ');
  });

  it('goes through a whole gateway with an authorizer that trusts the client', async () => {
    const { cloud } = under();
    const folder = deployed().folder;
    deployed().write('hook.pem', cloud.client.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const { clientId, kid, tokenUrl } = cloud.client;
    const context = { ...createFakeContext(), cwd: folder };
    const client = ['--client-id', clientId, '--key-file', 'hook.pem', '--key-id', kid];
    const issuer = ['--issuer', tokenUrl.replace('/v1/token', '')];
    const args = ['test-call', ...toPhone, '--url', cloud.hookUrl, ...issuer, ...client, '--json'];
    expect(await main(args, context)).toBe(0);
    expect(JSON.parse(context.out())).toMatchObject({ target: 'url', gateway: { status: 200 } });
    expect(context.out()).not.toContain(marked.otp);
  });
});

const under = useLocalCloud();

describe('which hop went wrong', () => {
  const failure = async (args: readonly string[] = toPhone) => {
    const { code, out } = await deployed().call([...args, '--json']);
    return { code, failure: JSON.parse(out).failure };
  };
  const answers = (status: number, type: string, body: object) => () =>
    Response.json(body, { status, headers: { 'x-amzn-errortype': type } });

  it.each([
    ['the authorizer', 401, 'UnauthorizedException', { message: 'Unauthorized' }, 'authorizer'],
    ['the authorizer by policy', 403, 'AccessDeniedException', { Message: 'not authorized' }, 'authorizer'],
    ['the path', 403, 'MissingAuthenticationTokenException', { message: 'Missing Authentication Token' }, 'gateway'],
    ['the firewall', 403, 'ForbiddenException', { message: 'Forbidden' }, 'firewall'],
    ['throttling', 429, 'LimitExceededException', { message: 'Limit Exceeded' }, 'gateway'],
    ['a request that is too large', 413, 'BadRequestException', { message: 'Request Too Long' }, 'gateway'],
    ['a failing authorizer', 500, 'AuthorizerConfigurationException', { message: null }, 'authorizer'],
    ['an invocation that is rejected', 500, 'InternalServerErrorException', {}, 'gateway'],
    ['a failing sender', 502, 'InternalServerErrorException', {}, 'sender'],
    ['a sender that is too slow', 504, 'InternalServerErrorException', {}, 'sender'],
    ['a request that is not one', 400, '', sentReply(), 'sender'],
    ['another server', 404, '', {}, 'gateway'],
    ['an odd status', 418, '', {}, 'gateway'],
  ])('is told for %s', async (_, status, type, body, hop) => {
    deployed().answerWith(answers(status, type, body));
    const told = await failure();
    expect(told).toEqual({
      code: 3,
      failure: {
        hop,
        answered: `HTTP ${status}${type === '' ? '' : ` ${type}`}`,
        means: expect.stringMatching(/./),
        next: expect.stringMatching(/./),
      },
    });
  });

  it('tells a 403 of the firewall without its header, too', async () => {
    deployed().answerWith(() => Response.json({ message: 'Forbidden' }, { status: 403 }));
    expect((await failure()).failure).toMatchObject({ hop: 'firewall', means: expect.stringContaining('WAF') });
  });

  it('does not follow a redirect, since Okta does not', async () => {
    deployed().answerWith(() => new Response(null, { status: 302, headers: { location: deployed().url } }));
    expect((await failure()).failure).toMatchObject({
      answered: 'HTTP 302',
      means: expect.stringContaining('redirects'),
    });
    expect(deployed().posted).toHaveLength(1);
  });

  it.each(causeNames)('explains a FAILED by %s', async (cause) => {
    deployed().answerWith(() => Response.json(sentReply(`cause=${cause}`, 'FAILED')));
    const told = await failure();
    expect(told).toMatchObject({
      code: 3,
      failure: { answered: `cause ${cause}`, next: expect.stringMatching(/\w{3}/) },
    });
    expect(['catalog', 'sender', 'End User Messaging']).toContain(told.failure.hop);
  });

  it.each([
    ['an error for the user', { error: { errorSummary: 'No.' } }, 'an error object'],
    ['a status that Okta does not know', sentReply('', 'SENT'), 'HTTP 200'],
  ])('explains %s', async (_, body, answered) => {
    deployed().answerWith(() => Response.json(body));
    expect((await failure()).failure).toMatchObject({ hop: 'sender', answered });
  });

  it('explains what is no JSON', async () => {
    deployed().answerWith(() => new Response('<html>'));
    expect((await failure()).failure).toMatchObject({ hop: 'sender', means: 'the answer is not a JSON object' });
  });

  it('says that Okta no longer waited for an answer after three seconds', async () => {
    let skipped = 0;
    const clock = { now: () => systemClock.now() + skipped, after: systemClock.after };
    deployed().answerWith(() => {
      skipped = 3_200;
      return Response.json(sentReply());
    });
    const { code, out } = await deployed().call(toPhone, { clock, env: { OKTA_OTP_CLIENT_SECRET: hookClient.secret } });
    expect(code).toBe(3);
    expect(out).toMatch(/^✘ Okta sends the code itself: no answer within 3000 ms/m);
    expect(out).toMatch(/^went wrong {2}gateway$/m);
    expect(out).toMatch(/^answered {4}HTTP 200 after 3\d\d\d ms$/m);
    expect(out).toMatch(/^means .*the user may get two$/m);
    expect(out).toMatch(/^next .*run it again/m);
  });
});

describe('no answer at all', () => {
  const other = async (change: readonly string[], json = true) => {
    const { code, out, err } = await deployed().call([...toPhone, ...change, ...(json ? ['--json'] : [])]);
    expect(out).toBe('');
    return { code, error: json ? JSON.parse(err).error : err };
  };
  const closedPort = async () => {
    const server = await serve(() => new Response());
    await server.close();
    return server.url;
  };

  it('of a host whose name does not resolve', async () => {
    const told = await other(['--url', 'https://hook.invalid/prod/mfa']);
    expect(told).toEqual({
      code: 1,
      error: {
        code: 'hop-unreachable',
        message: expect.stringMatching(
          /^the hook could not be reached: its name does not resolve \((ENOTFOUND|EAI_AGAIN)\)$/,
        ),
        hint: expect.stringContaining('DNS'),
      },
    });
  });

  it('of a port where nothing listens', async () => {
    const told = await other(['--url', `${await closedPort()}/prod/mfa`]);
    expect(told.code).toBe(1);
    expect(told.error.message).toBe('the hook could not be reached: nothing listens there (ECONNREFUSED)');
  });

  it('of a server that speaks no TLS', async () => {
    const told = await other(['--url', deployed().url.replace('http:', 'https:')]);
    expect(told).toMatchObject({ code: 1, error: { code: 'hop-tls' } });
  });

  it('of a connection that is reset', async () => {
    deployed().answerWith(() => Response.error());
    expect(await other([])).toMatchObject({ code: 1, error: { code: 'hop-unreachable' } });
  });

  it('of a token endpoint that is not there', async () => {
    const told = await other(['--issuer', `${await closedPort()}/oauth2/default`]);
    expect(told.code).toBe(1);
    expect(told.error.message).toBe('the token endpoint could not be reached: nothing listens there (ECONNREFUSED)');
  });

  it('of an issuer that is another server', async () => {
    expect(await other(['--issuer', deployed().url])).toMatchObject({ code: 1, error: { code: 'token-unavailable' } });
  });

  it.each([
    ['invalid_client', ['--client-id', '0oanobody'], 'compare --client-id'],
    ['invalid_scope', ['--scope', 'unheard.of'], 'compare --scope'],
    ['access_denied', ['--scope', 'another.scope'], 'add a rule'],
  ])('because the token endpoint refuses with %s', async (word, change, hint) => {
    expect(await other(change)).toEqual({
      code: 1,
      error: {
        code: 'token-refused',
        message: expect.stringMatching(new RegExp(`^the token endpoint refused: HTTP 40\\d ${word}, `)),
        hint: expect.stringContaining(hint),
      },
    });
    expect(deployed().posted).toEqual([]);
  });

  it('is told to a person in two lines', async () => {
    const { error } = await other(['--scope', 'unheard.of'], false);
    expect(error).toMatch(/^error: the token endpoint refused: .*\nhint: compare --scope .*\n$/);
  });

  it('ends with 130 on Ctrl-C', async () => {
    const context = { ...createFakeContext({ env: { OKTA_OTP_CLIENT_SECRET: hookClient.secret } }), cwd: '/' };
    deployed().answerWith(() => {
      context.interrupt();
      return new Promise(() => {});
    });
    const client = ['--issuer', deployed().issuer, '--client-id', hookClient.clientId];
    expect(await main(['test-call', ...toPhone, '--url', deployed().url, ...client], context)).toBe(130);
    expect(context.out() + context.err()).toBe('');
  });
});

describe('a command line that cannot be', () => {
  it.each([
    ['client-missing', ['--url', 'https://x.example/y']],
    ['client-missing', ['--url', 'https://x.example/y', '--issuer', 'https://x.example']],
    ['client-proof', ['--url', 'https://x.example/y', '--issuer', 'https://x.example', '--client-id', 'x']],
    ['url-invalid', ['--url', 'http://x.example/y']],
    ['url-invalid', ['--url', 'https://user:word@x.example/y']],
    ['url-invalid', ['--url', 'https://x.example/y', '--issuer', 'okta', '--client-id', 'x']],
    ['target-ambiguous', ['--url', 'https://x.example/y', '--local']],
    ['option-unused', ['--issuer', 'https://x.example']],
    ['option-unused', ['--wait']],
    ['option-unused', ['--concurrency', '3']],
    ['option-unused', ['--junit', 'report.xml']],
    ['option-unused', ['--print', '--repeat', '3']],
    ['option-unused', ['--print', '--expect', 'status=FAILED']],
    ['option-unused', ['--print', '--invoke', 'sender', '--wait']],
    ['function-invalid', ['--invoke', 'no function']],
    ['usage', ['--repeat', '0']],
  ])('is refused as %s: %j', async (errorCode, args) => {
    const context = createFakeContext();
    expect(await main(['test-call', ...toPhone, ...args, '--json'], context)).toBe(2);
    expect(context.out()).toBe('');
    expect(JSON.parse(context.err())).toMatchObject({ error: { code: errorCode, hint: expect.stringMatching(/./) } });
  });

  it.each([
    ['client-proof', ['--key-file', 'jwk'], { OKTA_OTP_CLIENT_SECRET: hookClient.secret }],
    ['key-id-missing', ['--key-file', 'pem'], {}],
    ['file-unreadable', ['--key-file', 'nowhere'], {}],
    ['file-unreadable', ['--secret-file', 'empty'], {}],
  ])('is refused as %s: %j', async (errorCode, args, env) => {
    deployed().write('pem', hookClient.pem);
    deployed().write('jwk', hookClient.jwk);
    deployed().write('empty', '\n');
    const { code, err } = await deployed().call([...toPhone, ...args, '--json'], { env });
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ error: { code: errorCode } });
  });

  it('a key that is none is refused without showing it', async () => {
    deployed().write('key', 'neither PEM nor JWK');
    const { code, err } = await deployed().call([...toPhone, '--key-file', 'key', '--key-id', 'k', '--json'], noSecret);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'key-unreadable' } });
    expect(err).not.toContain('neither');
  });
});

describe('requests in files', () => {
  it('saves one that only its owner can read, sends it, and sends it again as a new event', async () => {
    const first = await deployed().call([...toPhone, '--locale', 'pt-BR', '--save', 'request.json']);
    expect(first).toMatchObject({ code: 0, err: 'Saved the request, with its code and number.\n' });
    const file = join(deployed().folder, 'request.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(deployed().posted[0]?.body);
    expect((await deployed().call(['--from', 'request.json'])).code).toBe(0);
    const [before, after] = deployed().posted.map(({ body }) => body);
    expect(after).toMatchObject({ data: { messageProfile: { locale: 'pt-BR', otpCode: marked.otp } } });
    expect(Object.keys(after ?? {})).toEqual(Object.keys(before ?? {}));
  });

  it('gives an old request a new event id and new times, or its code would have expired', async () => {
    deployed().write('request.json', JSON.stringify(documented('mfa-verification')));
    expect((await deployed().call(['--from', 'request.json'])).code).toBe(0);
    const { eventId, eventTime, data, ...rest } = JSON.parse(JSON.stringify(deployed().posted[0]?.body));
    const { eventId: _, eventTime: __, data: sample, ...same } = documented('mfa-verification');
    expect(rest).toEqual(same);
    expect(eventId).toMatch(/^id-\d+$/);
    expect(Date.parse(eventTime)).toBeGreaterThan(Date.parse('2026-01-01'));
    expect(Date.parse(data.messageProfile.otpExpires) - Date.parse(eventTime)).toBe(300_000);
    expect({ ...data.messageProfile, otpExpires: '' }).toEqual({ ...sample.messageProfile, otpExpires: '' });
  });

  it('lets options and --set change what the file has', async () => {
    await deployed().call([...toPhone, '--save', 'request.json']);
    const change = [
      '--channel',
      'voice',
      '--locale',
      'fr',
      '--set',
      'eventId=again',
      '--set',
      'data.userProfile.firstName=',
    ];
    await deployed().call(['--from', 'request.json', ...change]);
    expect(deployed().posted[1]?.body).toMatchObject({
      eventId: 'again',
      data: { userProfile: { firstName: '' }, messageProfile: { deliveryChannel: 'voice call', locale: 'fr' } },
    });
  });

  it('says what the file has that the contract has not, and sends it', async () => {
    deployed().write('request.json', JSON.stringify({ ...documented('password-reset'), novelty: true }));
    const { code, err } = await deployed().call(['--from', 'request.json']);
    expect({ code, err }).toEqual({
      code: 0,
      err: 'Sent as they are, though the contract does not have them: novelty.\n',
    });
    expect(deployed().posted[0]?.body).toHaveProperty('novelty', true);
  });

  it.each([
    ['request-invalid', '{'],
    ['request-invalid', '[]'],
    ['request-invalid', '{"eventId":"x"}'],
  ])('refuses as %s what is no request: %s', async (errorCode, text) => {
    deployed().write('request.json', text);
    const { code, err } = await deployed().call(['--from', 'request.json', '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error: errorCode });
    expect(deployed().posted).toEqual([]);
  });

  it('--print shows the request, and sends nothing', async () => {
    const { code, out, err } = await deployed().call([
      ...toPhone,
      '--print',
      '--set',
      'data.userProfile.firstName=Zoe',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      data: { userProfile: { firstName: 'Zoe' }, messageProfile: { otpCode: marked.otp, phoneNumber: marked.phone } },
    });
    expect(deployed().posted).toEqual([]);
  });

  it.each([
    ['set-invalid', 'locale'],
    ['set-path-unknown', 'locale=fr'],
    ['set-path-unknown', 'data.messageProfile=fr'],
    ['set-value-invalid', 'data.messageProfile.otpExpires=739146'],
    ['set-value-invalid', `data.messageProfile.phoneNumber=${marked.otp}x`],
  ])('refuses as %s: --set %s', async (errorCode, set) => {
    const { code, out, err } = await deployed().call([...toPhone, '--set', set, '--json']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(err).error.code).toBe(errorCode);
    expect(err).not.toContain(marked.otp);
    expect(deployed().posted).toEqual([]);
  });

  it.each([
    ['data.messageProfile.local', 'data.messageProfile.locale'],
    ['data.messageprofile.locale', 'data.messageProfile.locale'],
    ['messageProfile.otpcod', 'data.messageProfile.otpCode'],
    ['eventID', 'eventId'],
  ])('says which path was meant by %s', async (path, meant) => {
    const { err } = await deployed().call([...toPhone, '--set', `${path}=es`, '--json']);
    expect(JSON.parse(err).error).toMatchObject({ code: 'set-path-unknown', hint: `did you mean ${meant}?` });
  });

  it('a dry run says so in its event id', async () => {
    await deployed().call([...toPhone, '--dry-run']);
    expect(deployed().posted[0]?.body['eventId']).toMatch(/^dryrun-/);
  });
});

describe('--expect of a deployed hook', () => {
  it('ends with 3 and the difference when it is not met', async () => {
    const { code, out } = await deployed().call([
      ...toPhone,
      '--expect',
      'channel=voice',
      '--expect',
      'status=SUCCESSFUL',
    ]);
    expect(code).toBe(3);
    expect(out).toMatch(/^✘ expected channel voice, got sms$/m);
    expect(out).not.toMatch(/^✘ expected status/m);
  });

  it('reads of the reply which text it was', async () => {
    deployed().answerWith(() => Response.json(sentReply('channel=sms; locale=es-MX; template=password-reset')));
    const expecting = (locale: string, template: string) =>
      deployed().call([...toPhone, '--expect', `locale=${locale}`, '--expect', `template=${template}`]);
    expect((await expecting('es-MX', 'password-reset')).code).toBe(0);
    const other = await expecting('es', 'general');
    expect(other.code).toBe(3);
    expect(other.out).toMatch(/^✘ expected locale es, got es-MX\n✘ expected template general, got password-reset$/m);
  });

  it.each(['channel=sms', 'channel=sms; locale=<script>; template=mine'])(
    'meets no expectation of a text that the hook does not tell: %s',
    async (metadata) => {
      deployed().answerWith(() => Response.json(sentReply(metadata)));
      for (const expected of ['locale=es', 'locale=none', 'template=general']) {
        const { code, out } = await deployed().call([...toPhone, '--expect', expected]);
        expect(code).toBe(3);
        expect(out).toMatch(/^✘ expected (locale|template) \S+, got not told$/m);
      }
    },
  );

  it('of a failure is met by one', async () => {
    deployed().answerWith(() => Response.json(sentReply('cause=throttled', 'FAILED')));
    expect((await deployed().call([...toPhone, '--expect', 'cause=throttled'])).code).toBe(0);
    expect((await deployed().call([...toPhone, '--expect', 'maxMs=2900'])).code).toBe(3);
  });

  it.each([
    ['expect-invalid', 'color=red'],
    ['expect-invalid', 'status=GOOD'],
    ['expect-unknowable', 'country=ES'],
    ['expect-unknowable', 'receipt=TEXT_DELIVERED'],
  ])('is refused as %s before anything is sent: %s', async (errorCode, expected) => {
    const { code, err } = await deployed().call([...toPhone, '--expect', expected, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ error: { code: errorCode, hint: expect.stringContaining('status') } });
    expect(deployed().posted).toEqual([]);
  });
});

describe('--repeat of a deployed hook', () => {
  it('asks for one token, counts failures by their cause, and ends with 3', async () => {
    let calls = 0;
    deployed().answerWith(() => {
      calls += 1;
      if (calls % 4 === 0) return Response.json(sentReply('cause=throttled', 'FAILED'));
      return calls === 1 ? Response.error() : Response.json(sentReply('channel=sms', 'SUCCESSFUL', `message-${calls}`));
    });
    const tokens: string[] = [];
    const { code, out } = await deployed().call([
      ...toPhone,
      '--repeat',
      '20',
      '--concurrency',
      '5',
      '--yes',
      '--json',
    ]);
    for (const { headers } of deployed().posted) tokens.push(headers.get('authorization') ?? '');
    expect(code).toBe(3);
    expect(new Set(tokens).size).toBe(1);
    expect(new Set(deployed().posted.map(({ body }) => body['eventId'])).size).toBe(20);
    expect(JSON.parse(out)).toMatchObject({
      calls: 20,
      good: 14,
      sent: 14,
      unknown: 1,
      failures: [
        { cause: 'throttled', count: 5 },
        { cause: 'hop-unreachable', count: 1 },
      ],
      latency: { count: 19 },
    });
  });

  it('of real messages needs a yes where nobody can be asked', async () => {
    const { code, err } = await deployed().call([...toPhone, '--repeat', '2', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'confirmation-missing' } });
    expect(deployed().posted).toEqual([]);
    deployed().answerWith(() => Response.json(sentReply('dry run, nothing was sent; channel=sms')));
    expect((await deployed().call([...toPhone, '--repeat', '2', '--dry-run'])).code).toBe(0);
    expect(deployed().posted).toHaveLength(2);
  });

  it('asks a person, who may say no', async () => {
    const env = { OKTA_OTP_CLIENT_SECRET: hookClient.secret };
    expect((await deployed().call([...toPhone, '--repeat', '2'], { env, typed: 'no' })).code).toBe(130);
    expect(deployed().posted).toEqual([]);
    let id = 0;
    deployed().answerWith(() => {
      id += 1;
      return Response.json(sentReply('channel=sms', 'SUCCESSFUL', `message-${id}`));
    });
    const { code, out } = await deployed().call([...toPhone, '--repeat', '2'], { env, typed: 'send' });
    expect(code).toBe(0);
    expect(out).toMatch(/^2 messages sent$/m);
    expect(deployed().posted).toHaveLength(2);
  });

  it('counts expectations that were not met with what was wanted and what came', async () => {
    let skipped = 0;
    deployed().answerWith(() => {
      skipped += 700 + deployed().posted.length;
      return Response.json(sentReply('channel=sms; locale=en; template=general', 'SUCCESSFUL', `message-${skipped}`));
    });
    const clock = { now: () => systemClock.now() + skipped, after: systemClock.after };
    const expected = ['--expect', 'locale=fr', '--expect', 'maxMs=500', '--expect', 'channel=sms'];
    const args = [...toPhone, '--repeat', '3', '--yes', ...expected, '--json'];
    const { code, out } = await deployed().call(args, { clock, env: { OKTA_OTP_CLIENT_SECRET: hookClient.secret } });
    expect(code).toBe(3);
    expect(JSON.parse(out).failures).toEqual([
      { cause: 'expected locale fr, got en', count: 3 },
      { cause: 'expected maxMs at most 500 ms, got more', count: 3 },
    ]);
  });

  it('shows what there is at Ctrl-C, and how many messages went out', async () => {
    for (const json of [[], ['--json']]) {
      const env = { OKTA_OTP_CLIENT_SECRET: hookClient.secret };
      const newId = () => `stopped-${json.length}-${Math.random()}`;
      const context = { ...createFakeContext({ env, typed: 'send' }), newId };
      let calls = 0;
      deployed().answerWith(() => {
        calls += 1;
        if (calls < 3) return Response.json(sentReply('channel=sms', 'SUCCESSFUL', `message-${calls}`));
        context.interrupt();
        return new Promise(() => {});
      });
      const client = ['--issuer', deployed().issuer, '--client-id', hookClient.clientId];
      const args = ['test-call', ...toPhone, '--url', deployed().url, ...client, '--repeat', '5', '--yes', ...json];
      expect(await main(args, context)).toBe(130);
      if (json.length > 0) {
        expect(JSON.parse(context.out())).toMatchObject({
          calls: 2,
          good: 2,
          sent: 2,
          unknown: 1,
          stopped: { after: 2, of: 5 },
        });
        expect(context.err()).toBe('');
      } else {
        expect(context.out()).toMatch(/^✘ 2 of 2 calls good, /m);
        expect(context.out()).toMatch(
          /^2 messages sent, and of 1 more call nobody knows\nstopped after 2 of 5 calls$/m,
        );
        expect(context.err()).toContain('Called 2 of 5');
      }
    }
  });
});
