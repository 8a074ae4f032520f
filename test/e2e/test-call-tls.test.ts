import { createServer } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../support/certificate.ts';
import { hookClient, sentReply, useDeployedHook } from '../support/deployed-hook.ts';
import { marked } from '../support/marked.ts';
import { runBin } from '../support/run-bin.ts';

const certificate = selfSigned(['127.0.0.1']);
afterAll(() => certificate?.remove());

describe.skipIf(certificate === undefined)('a hook with a certificate that nobody vouches for', () => {
  const deployed = useDeployedHook();
  const server = createServer({ cert: certificate?.cert, key: certificate?.key }, (request, response) => {
    request.resume().once('end', () => response.end(JSON.stringify(sentReply())));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const port = () => {
    const address = server.address();
    return typeof address === 'object' ? address?.port : undefined;
  };
  const call = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runBin(
      [
        ...['test-call', marked.phone, '--otp', marked.otp, '--url', `https://127.0.0.1:${port()}/prod/mfa`],
        ...['--issuer', deployed().issuer, '--client-id', hookClient.clientId, ...args],
      ],
      { env: { OKTA_OTP_CLIENT_SECRET: hookClient.secret, NODE_EXTRA_CA_CERTS: '', ...env } },
    );

  it('fails at TLS, in words, with what to do', async () => {
    const { code, out, err } = await call([]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^error: TLS with the hook failed: its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\nhint: .*NODE_EXTRA_CA_CERTS.*\n$/,
    );
  });

  it('says the same as JSON, and of the token endpoint', async () => {
    const { code, out, err } = await call(['--issuer', `https://127.0.0.1:${port()}/oauth2/default`, '--json']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(err).error).toMatchObject({
      code: 'hop-tls',
      message: expect.stringMatching(/^TLS with the token endpoint failed: its certificate is not trusted /),
    });
  });

  it('says that it is for another name', async () => {
    const url = `https://localhost:${port()}/prod/mfa`;
    const { code, err } = await call(['--url', url], { NODE_EXTRA_CA_CERTS: certificate?.file ?? '' });
    expect(code).toBe(1);
    expect(err).toMatch(/^error: TLS with the hook failed: its certificate is for another name /);
  });

  it('is called once its authority is trusted', async () => {
    const { code, out, err } = await call([], { NODE_EXTRA_CA_CERTS: certificate?.file ?? '' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^✔ Okta takes the code for sent/m);
  });
});
