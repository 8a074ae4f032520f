import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readCatalogFiles } from '../../src/cli/catalog-files.ts';
import type { Context } from '../../src/cli/context.ts';
import { main } from '../../src/cli/main.ts';
import { parseCatalog } from '../../src/core/catalog.ts';
import { lintCatalog } from '../../src/core/lint.ts';
import { parseConfig } from '../../src/deploy/config.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import { valueIn } from '../support/decoded.ts';
import { createFakeContext } from '../support/fake-context.ts';
import { useManagedAccount } from '../support/managed-account.ts';
import { marked } from '../support/marked.ts';

const start = useManagedAccount();
const issuer = 'https://example.okta.com/oauth2/default';
const needed = ['--region', 'eu-west-1', '--issuer', issuer, '--org', 'Example Corp'];

let cwd: string;
let sts: RunningServer;
let stsAnswer: () => Response | Promise<Response>;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'init-'));
  stsAnswer = () =>
    new Response(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      { headers: { 'content-type': 'text/xml' } },
    );
  sts = await serve(async () => stsAnswer());
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url);
  vi.stubEnv('AWS_REGION', '');
});

afterEach(async () => {
  await sts.close();
  await rm(cwd, { recursive: true });
});

interface Run {
  /** What a person answers, one question after the other; after the last one, nothing but Enter. */
  readonly typed?: readonly string[];
  readonly clock?: Context['clock'];
  /** Presses Ctrl-C at this question. */
  readonly interruptAt?: RegExp;
}

async function init(args: readonly string[], { typed, clock, interruptAt }: Run = {}) {
  const fake = createFakeContext(clock === undefined ? {} : { clock });
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    if (interruptAt?.test(question)) {
      fake.interrupt();
      throw new Error('the prompt was closed');
    }
    return typed?.[asked.length - 1] ?? '';
  };
  const code = await main(['init', ...args], { ...fake, cwd, isInteractive: typed !== undefined, ask });
  return { code, out: fake.out(), err: fake.err(), asked };
}

const text = (path = 'okta-otp.json') => readFile(join(cwd, path), 'utf8');
const environments = async () => valueIn(parseConfig(await text()));
const offline = (args: readonly string[] = [], run?: Run) => init([...needed, '--no-detect', ...args], run);

describe('init without anybody to ask', () => {
  it('names everything that is missing or wrong at once, and writes nothing', async () => {
    const { code, out, err } = await init([
      '--env',
      'X',
      '--client-id',
      'a b',
      '--peak-per-second',
      'many',
      '--languages',
      'en,xx',
    ]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n').map((line) => line.trim().split(' ')[0])).toEqual([
      'error:',
      '--env',
      '--client-id',
      '--languages',
      '--peak-per-second',
      '--region',
      '--issuer',
      '--org',
      'hint:',
      '',
    ]);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('writes an environment, and a catalog that can be published at once', async () => {
    const { code, out, err } = await offline();
    expect({ code, out }).toEqual({
      code: 0,
      out: 'catalog/settings.json\ncatalog/originationIdentities.json\ncatalog/templates/en.json\nokta-otp.schema.json\nokta-otp.json\n',
    });
    expect(err).toContain('the deployed hook refuses every request');
    expect(err).toContain('next: okta-otp identities discover, to say whom messages come from\n');
    expect(err).toContain('then: okta-otp deploy --env dev\n');
    expect((await environments()).get('dev')).toMatchObject({
      region: 'eu-west-1',
      account: undefined,
      production: false,
      okta: { issuer, clientIds: [] },
    });
    const files = await readCatalogFiles(join(cwd, 'catalog'));
    expect(valueIn(parseCatalog(files)).settings).toMatchObject({ org: 'Example Corp', defaultLocale: 'en' });
    expect(lintCatalog(files).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('writes what every option says', async () => {
    const { code, err } = await offline([
      ...['--env', 'live', '--profile', 'prod', '--client-id', '0oaclient', '--scope', 'hook', '--audience', 'api://x'],
      ...['--production', '--languages', 'de,es_MX', '--peak-per-second', '20', '--config', 'eu.json'],
    ]);
    expect(code).toBe(0);
    expect(err).toContain('okta-otp deploy --env live --config eu.json\n');
    expect(err).not.toContain('refuses every request');
    expect(JSON.parse(await text('eu.json'))).toEqual({
      $schema: './okta-otp.schema.json',
      environments: {
        live: {
          region: 'eu-west-1',
          profile: 'prod',
          production: true,
          okta: { issuer, audience: 'api://x', clientIds: ['0oaclient'], scope: 'hook' },
        },
      },
    });
    expect(await readdir(join(cwd, 'catalog', 'templates'))).toEqual(['de.json', 'es-MX.json']);
    expect(JSON.parse(await text('catalog/settings.json'))).toEqual({ org: 'Example Corp', defaultLocale: 'de' });
  });

  it('ships every language when all are wanted', async () => {
    await offline(['--languages', 'all']);
    expect((await readdir(join(cwd, 'catalog', 'templates'))).length).toBeGreaterThan(30);
  });

  it('takes an environment called prod for production, unless it is told otherwise', async () => {
    await offline(['--env', 'prod']);
    await offline(['--env', 'production', '--no-production']);
    expect([...(await environments()).values()].map(({ production }) => production)).toEqual([true, false]);
  });

  it('takes the Region of the environment', async () => {
    vi.stubEnv('AWS_REGION', 'ap-southeast-2');
    await init(['--issuer', issuer, '--org', 'Example Corp', '--no-detect']);
    expect((await environments()).get('dev')?.region).toBe('ap-southeast-2');
  });

  it('prints one document with --json', async () => {
    const { out, err } = await offline(['--json']);
    expect(JSON.parse(out)).toEqual({
      environment: 'dev',
      file: join(cwd, 'okta-otp.json'),
      wrote: [
        'catalog/settings.json',
        'catalog/originationIdentities.json',
        'catalog/templates/en.json',
        'okta-otp.schema.json',
        'okta-otp.json',
      ],
    });
    expect(err).toBe('');
  });
});

describe('the schema that init names', () => {
  const shipped = join(import.meta.dirname, '..', '..', 'schemas', 'okta-otp.schema.json');
  const named = async () => JSON.parse(await text()).$schema;

  it('is a copy beside the file where the project has no package of its own, as with npx', async () => {
    await offline();
    expect(await text(await named())).toBe(await readFile(shipped, 'utf8'));
  });

  it("is the package's own where the project has it", async () => {
    const folder = join(cwd, 'node_modules', 'okta-otp', 'schemas');
    await mkdir(folder, { recursive: true });
    await copyFile(shipped, join(folder, 'okta-otp.schema.json'));
    const { out } = await offline();
    expect(out).not.toContain('schema');
    expect(await named()).toBe('./node_modules/okta-otp/schemas/okta-otp.schema.json');
    expect(await text(await named())).toBe(await readFile(shipped, 'utf8'));
  });

  it('stays as it is where it is there', async () => {
    await writeFile(join(cwd, 'okta-otp.schema.json'), '{}');
    expect((await offline()).out).not.toContain('schema');
    expect(await text('okta-otp.schema.json')).toBe('{}');
    expect(await named()).toBe('./okta-otp.schema.json');
  });

  it('is not written beside a file that names another, or none', async () => {
    await offline();
    await rm(join(cwd, 'okta-otp.schema.json'));
    expect((await offline(['--env', 'prod'])).out).toBe('okta-otp.json\n');
  });
});

describe('init where an okta-otp.json is', () => {
  const existing =
    '{\n\t"environments": {\n\t\t"dev": { "region": "eu-west-1",\n\t\t\t"okta": {"issuer": "https://a.okta.com/oauth2/x"} }\n\t}\n}';

  it.each([
    ['tabs', existing, '\t', '\n'],
    ['four spaces', existing.replaceAll('\t', '    '), '    ', '\n'],
    ['the line ends of Windows', existing.replaceAll('\n', '\r\n'), '\t', '\r\n'],
  ])('adds an environment in its style (%s) and leaves every other line as it is', async (_, before, indent, end) => {
    await writeFile(join(cwd, 'okta-otp.json'), before);
    expect((await offline(['--env', 'prod'])).code).toBe(0);
    const added = [
      '',
      '"prod": {',
      `${indent}"region": "eu-west-1",`,
      `${indent}"production": true,`,
      `${indent}"okta": {`,
      `${indent}${indent}"issuer": "${issuer}"`,
      `${indent}}`,
      '}',
    ].join(`${end}${indent}${indent}`);
    const at = before.indexOf(`${end}${indent}}`);
    expect(await text()).toBe(`${before.slice(0, at)},${added}${before.slice(at)}`);
    expect([...(await environments()).keys()]).toEqual(['dev', 'prod']);
  });

  it('adds an environment to a file of one line', async () => {
    await writeFile(join(cwd, 'okta-otp.json'), JSON.stringify(JSON.parse(existing)));
    expect((await offline(['--env', 'prod'])).code).toBe(0);
    expect([...(await environments()).keys()]).toEqual(['dev', 'prod']);
  });

  it('needs a name for the new one, which is none of the old', async () => {
    await writeFile(join(cwd, 'okta-otp.json'), existing);
    expect(await offline()).toMatchObject({ code: 2, err: expect.stringContaining('--env is missing') });
    expect(await offline(['--env', 'dev'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--env is an environment of the file already'),
    });
    expect(await text()).toBe(existing);
  });

  it('does not touch one that is not valid', async () => {
    await writeFile(join(cwd, 'okta-otp.json'), '{}');
    expect(await offline(['--env', 'prod'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('okta-otp.json:1 environments is missing'),
    });
    expect(await text()).toBe('{}');
  });

  it('leaves a catalog that is there as it is, and says so', async () => {
    await mkdir(join(cwd, 'catalog'));
    await writeFile(join(cwd, 'catalog', 'settings.json'), '{"org":"Mine"}');
    const { out, err } = await offline();
    expect(out).toBe('okta-otp.schema.json\nokta-otp.json\n');
    expect(err).toContain('catalog has files already, and stays as it is');
    expect(err).toContain('next: okta-otp deploy --env dev\n');
    expect(await readdir(join(cwd, 'catalog'))).toEqual(['settings.json']);
    expect(await text('catalog/settings.json')).toBe('{"org":"Mine"}');
  });
});

describe('the wizard', () => {
  const answers = ['live', 'us-east-1', '', issuer, '', '', '', 'Example Corp', 'en, de', '20', 'yes', ''];

  it('asks for everything that no option says, and writes once somebody agrees', async () => {
    const { code, asked } = await init(['--no-detect'], { typed: answers });
    expect(code).toBe(0);
    expect(asked).toHaveLength(answers.length);
    expect(asked.at(-1)).toBe(
      'Write catalog/settings.json, catalog/originationIdentities.json, catalog/templates/en.json, 3 more? (yes/no) [yes]',
    );
    expect((await environments()).get('live')).toMatchObject({
      region: 'us-east-1',
      production: true,
      profile: undefined,
    });
    expect(await readdir(join(cwd, 'catalog', 'templates'))).toEqual(['de.json', 'en.json']);
  });

  it('shows the default and takes it for Enter', async () => {
    vi.stubEnv('AWS_REGION', 'eu-north-1');
    const { asked } = await init(['--no-detect', '--issuer', issuer, '--org', 'Example Corp'], { typed: [] });
    expect(asked.slice(0, 2)).toEqual(['Name of the environment [dev]', 'AWS Region [eu-north-1]']);
    expect((await environments()).get('dev')?.region).toBe('eu-north-1');
  });

  it('asks again for what cannot be right, and says why', async () => {
    const { code, err, asked } = await offline([], { typed: ['Production!', 'prod'] });
    expect(code).toBe(0);
    expect(asked.slice(0, 3)).toEqual([
      'Name of the environment [dev]',
      'Name of the environment [dev]',
      'AWS profile (empty for the default credentials)',
    ]);
    expect(err).toContain('It must be lower-case letters, digits and hyphens, such as prod.');
    expect(asked).toContain('Is this production, where a change asks for its name? (yes/no) [yes]');
  });

  it('writes nothing when the person says no, or presses Ctrl-C', async () => {
    expect((await init(['--no-detect'], { typed: [...answers.slice(0, -1), 'no'] })).code).toBe(130);
    expect((await init(['--no-detect'], { typed: answers, interruptAt: /^Write/ })).code).toBe(130);
    expect((await init(['--no-detect'], { typed: answers, interruptAt: /organization/ })).code).toBe(130);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('asks nothing with --yes', async () => {
    const { code, asked } = await offline(['--yes'], { typed: [] });
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
  });
});

describe('what init finds in the account', () => {
  const tollFree = { number: marked.phone, country: 'US', capabilities: ['SMS', 'VOICE'], type: 'TOLL_FREE' } as const;

  it('is told: account, sandbox, and how fast its numbers send against the peak', async () => {
    const { clock } = await start({ tier: 'SANDBOX', numbers: [tollFree] });
    const { code, err } = await init([...needed, '--peak-per-second', '20'], { clock });
    expect(code).toBe(0);
    expect(err).toContain('AWS account 123456789012, Region eu-west-1\n');
    expect(err).toContain('End User Messaging is in its sandbox');
    expect(err).toContain(
      'US: 1 toll-free number sends 3 message parts a second; a peak of 20 a second needs 1 short code (100 a second)\n',
    );
    expect((await environments()).get('dev')?.account).toBe('123456789012');
  });

  it('stands in the starting catalog as whom messages come from', async () => {
    const { clock } = await start({ numbers: [tollFree] });
    const { err } = await init(needed, { clock });
    expect(err).not.toContain('sandbox');
    expect(err).toContain('next: okta-otp identities list, to say whom messages come from\n');
    const catalog = valueIn(parseCatalog(await readCatalogFiles(join(cwd, 'catalog'))));
    expect(catalog.originationIdentities).toMatchObject({
      US: { sms: { identities: [{ value: marked.phone }] }, voice: { identities: [{ value: marked.phone }] } },
    });
  });

  it('is part of the document with --json, and nothing is said beside it', async () => {
    const { clock } = await start({ numbers: [tollFree] });
    const { out, err } = await init([...needed, '--json'], { clock });
    expect(JSON.parse(out)).toMatchObject({
      detected: {
        account: '123456789012',
        tier: 'PRODUCTION',
        throughput: [{ country: 'US', partsPerSecond: 3 }],
        notes: [],
      },
    });
    expect(err).toBe('');
  });

  it('may be nothing that sends', async () => {
    const { clock } = await start();
    const { err } = await init(needed, { clock });
    expect(err).toContain('Nothing in eu-west-1 can send a text message to anybody yet');
    expect(await text('catalog/originationIdentities.json')).toBe('{}\n');
  });

  it('is not known without credentials, which keeps nobody from going on', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    const { code, err } = await init(needed);
    expect(code).toBe(0);
    expect(err).toContain('The account is not known: no AWS credentials were found (aws sso login');
    expect(await readdir(cwd)).toEqual(['catalog', 'okta-otp.json', 'okta-otp.schema.json']);
  });

  it('is not known in parts that the credentials may not see', async () => {
    const { clock, service } = await start({ numbers: [tollFree] });
    service.setFault({ kind: 'exception', name: 'AccessDeniedException' });
    const { code, err } = await init(needed, { clock });
    expect(code).toBe(0);
    expect(err).toContain('Whether it is in the sandbox is not known: these credentials may not use');
    expect(err).toContain('Whom it can send from is not known: these credentials may not use');
    expect((await environments()).get('dev')?.account).toBe('123456789012');
  });

  it('is not waited for after Ctrl-C', async () => {
    const fake = createFakeContext();
    stsAnswer = () => {
      fake.interrupt();
      return new Promise<Response>(() => {});
    };
    expect(await main(['init', ...needed], { ...fake, cwd })).toBe(130);
    expect(await readdir(cwd)).toEqual([]);
  });
});
