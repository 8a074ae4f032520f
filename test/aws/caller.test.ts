import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configuredRegion, readCaller } from '../../src/aws/caller.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import { sdkEnv } from '../support/failures-queue.ts';

let sts: RunningServer;
let answer: () => Response | Promise<Response>;
let keys: string[];

const xml = (text: string, status = 200) => new Response(text, { status, headers: { 'content-type': 'text/xml' } });
const refusal = (code: string, status = 403) =>
  xml(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
    status,
  );

beforeEach(async () => {
  for (const [name, value] of Object.entries(sdkEnv)) vi.stubEnv(name, value);
  keys = [];
  answer = () =>
    xml(
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    );
  sts = await serve(async (request) => {
    keys.push(/Credential=([^/]+)/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '');
    return await answer();
  });
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url);
});

afterEach(async () => {
  await sts.close();
  vi.unstubAllEnvs();
});

const ask = async (profile?: string, signal = new AbortController().signal) =>
  (await readCaller({ region: 'eu-west-1', profile, clock: systemClock }, signal)).account;

describe('the account of the credentials', () => {
  it('is what STS says', async () => {
    await expect(ask()).resolves.toBe('123456789012');
    expect(keys).toEqual(['AKIDEXAMPLE']);
  });

  it.each([
    ['ExpiredToken', 'credentials-expired'],
    ['InvalidClientTokenId', 'credentials-refused'],
    ['AccessDenied', 'access-denied'],
  ])('is refused in words for a person: %s', async (code, translated) => {
    answer = () => refusal(code);
    await expect(ask()).rejects.toMatchObject({ code: translated, exitCode: 4 });
  });

  it('is not waited for once the signal says so', async () => {
    const stop = new AbortController();
    answer = () => {
      stop.abort(new Error('stopped'));
      return new Promise<Response>(() => {});
    };
    await expect(ask(undefined, stop.signal)).rejects.toThrow('stopped');
  });
});

describe('a profile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-'));
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
    await writeFile(join(folder, 'config'), '[profile eu]\nregion = eu-south-2\n');
    await writeFile(join(folder, 'credentials'), '[eu]\naws_access_key_id = AKIDOFEU\naws_secret_access_key = x\n');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('brings its credentials and its Region', async () => {
    await ask('eu');
    expect(keys).toEqual(['AKIDOFEU']);
    await expect(configuredRegion('eu')).resolves.toBe('eu-south-2');
  });

  it('that is not there, or none at all, brings no Region', async () => {
    await expect(configuredRegion('us')).resolves.toBeUndefined();
    await expect(configuredRegion(undefined)).resolves.toBeUndefined();
  });
});
