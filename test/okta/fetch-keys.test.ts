import { describe, expect, it } from 'vitest';
import { serve } from '../../src/local/serve.ts';
import { createHttp } from '../../src/net/http.ts';
import { fetchKeys, KeySetUnavailableError } from '../../src/okta/fetch-keys.ts';
import { createIssuerKey } from '../support/fake-issuer.ts';

const asked: string[] = [];

async function fetched(response: Response) {
  const server = await serve((request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return response;
  });
  try {
    return await fetchKeys(createHttp(Date.now), `${server.url}/oauth2/default`, new AbortController().signal);
  } finally {
    await server.close();
  }
}

const { published } = await createIssuerKey('key-1');

describe('a key set', () => {
  it('is asked for below the issuer, and keeps what can verify RS256', async () => {
    const keys = [
      { ...published, use: 'sig', alg: 'RS256' },
      { ...published, kid: 'key-2', use: undefined, alg: undefined },
      { ...published, kid: 'for encryption', use: 'enc' },
      { ...published, kid: 'for another algorithm', alg: 'RS512' },
      { ...published, kid: undefined },
      { ...published, kid: 'without modulus', n: undefined },
      { ...published, kid: 'without exponent', e: undefined },
      { ...published, kid: 'too short', n: published.n.slice(0, 170) },
      { kty: 'EC', kid: 'elliptic', crv: 'P-256', x: 'a', y: 'b' },
    ];
    expect(await fetched(Response.json({ keys }))).toEqual([published, { ...published, kid: 'key-2' }]);
    expect(asked).toEqual(['GET /oauth2/default/v1/keys']);
  });

  it.each<{ name: string; response: () => Response; message: string }>([
    {
      name: 'is answered with an error',
      response: () => Response.json({ keys: [published] }, { status: 503 }),
      message: 'the key set was answered with HTTP 503',
    },
    {
      name: 'is moved elsewhere',
      response: () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      message: 'the key set was answered with HTTP 302',
    },
    { name: 'is no JSON', response: () => new Response('<html>'), message: 'the key set is not a JSON Web Key Set' },
    { name: 'is no key set', response: () => Response.json([]), message: 'the key set is not a JSON Web Key Set' },
    { name: 'is empty', response: () => Response.json({ keys: [] }), message: 'the key set holds no RS256 key' },
  ])('that $name is unavailable', async ({ response, message }) => {
    await expect(fetched(response())).rejects.toThrow(new KeySetUnavailableError(message));
  });
});
