import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  PinpointSMSVoiceV2Client,
  UpdateProtectConfigurationCountryRuleSetCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readActive } from '../../src/aws/catalog-history.ts';
import { createCatalogTable, versionKey } from '../../src/aws/catalog-table.ts';
import { publishCatalog } from '../../src/aws/publish-catalog.ts';
import { main } from '../../src/cli/main.ts';
import { openWorkspace } from '../../src/cli/workspace.ts';
import { catalogTable } from '../../src/local/tables.ts';
import { sdkEnv } from '../support/failures-queue.ts';
import type { RunningTables } from '../support/fake-aws-tables.ts';
import { startTables } from '../support/fake-aws-tables.ts';
import { catalogFiles } from '../support/fake-catalog.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';
import type { ManagedAccountUnderTest } from '../support/managed-account.ts';
import { useManagedAccount } from '../support/managed-account.ts';

let tables: RunningTables;
let dir: string;
let ids = 0;

beforeEach(async () => {
  for (const [name, value] of Object.entries(sdkEnv)) vi.stubEnv(name, value);
  tables = await startTables();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', tables.url);
  dir = await mkdtemp(join(tmpdir(), 'catalog-'));
  await write(...catalogFiles());
});

afterEach(async () => {
  await tables.close();
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

const write = async (...files: readonly { path: string; text: string }[]) => {
  for (const file of files) await openWorkspace(dir, '.').write(file);
};
const setOrg = (org: string) => write(...catalogFiles({ settings: { org } }).slice(0, 1));
const local = () => openWorkspace(dir, '.').files();
const table = async () => (await tables.client.send(new ScanCommand({ TableName: catalogTable }))).Items ?? [];

async function catalog(args: readonly string[], options: FakeContextOptions = {}) {
  const fake = createFakeContext({
    env: { OKTA_OTP_CATALOG_TABLE: catalogTable, USER: 'ann' },
    ...options,
    services: { gitAuthor: async () => undefined, ...options.services },
  });
  const newId = () => {
    ids += 1;
    return `version-${ids}`;
  };
  const withFolder = ['history', 'rollback', 'switch'].includes(args[0] ?? '') ? args : [...args, '--dir', dir];
  const code = await main(['catalog', ...withFolder], { ...fake, newId });
  return { code, out: fake.out(), err: fake.err(), asked: fake.asked() };
}

const push = () => catalog(['push', '--yes']);
const otherPushes = async (org: string) =>
  publishCatalog(tables.client, catalogTable, {
    files: catalogFiles({ settings: { org } }),
    author: 'bob',
    now: Date.parse('2026-02-03T04:05:06Z'),
    id: `bob-${org}`,
    against: await readActive(tables.client, catalogTable),
  });

/** The versions that are kept, the active one with a star. */
const numbers = async () =>
  JSON.parse((await catalog(['history', '--json'])).out).versions.map(
    (version: { number: number; active: boolean }) => `${version.number}${version.active ? '*' : ''}`,
  );

describe('catalog push', () => {
  it('publishes what the sender then reads', async () => {
    expect(await push()).toMatchObject({ code: 0, out: '' });
    const reader = createCatalogTable(tables.client, catalogTable);
    const pointer = await reader.pointer(new AbortController().signal);
    expect(pointer?.number).toBe(1);
    expect(pointer && (await reader.load(pointer, new AbortController().signal)).settings.org).toBe('Acme');
  });

  it('writes nothing when nothing has changed, and asks nobody', async () => {
    await push();
    const before = await table();
    const again = await catalog(['push', '--json']);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toEqual({ version: 1, published: false, changes: [] });
    expect(await table()).toEqual(before);
  });

  it('lists every problem of the files at once, and leaves the table as it was', async () => {
    await write({ path: 'settings.json', text: '{' }, { path: 'numbers.json', text: '{"deny":5}' });
    const { code, err } = await push();
    expect(code).toBe(2);
    expect(err).toContain('settings.json is not valid JSON');
    expect(err).toContain('numbers.json: deny must be a list');
    expect(await table()).toEqual([]);
  });

  it('refuses identities that could never hold, and says which may be meant', async () => {
    const pool = (region: string) => `arn:aws:sms-voice:${region}:123456789012:pool/pool-0123456789ab`;
    const originationIdentities = { UK: { enabled: 'blocked' }, FR: pool('eu-west-1'), DE: pool('eu-central-1') };
    await write(...catalogFiles({ originationIdentities }));
    const { code, err } = await push();
    expect(code).toBe(2);
    expect(err).toContain('originationIdentities.json: UK is no country that telephone numbers belong to');
    expect(err).toContain('did you mean GB?');
    expect(err).toContain('originationIdentities.json: DE names an identity in eu-central-1, and FR one in eu-west-1');
    expect(await table()).toEqual([]);
  });

  it('warns of identities in another Region than that of the table', async () => {
    const identities = { FR: 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-0123456789ab' };
    await write(...catalogFiles({ originationIdentities: identities }));
    const { code, err } = await catalog(['push', '--yes', '--region', 'us-east-1']);
    expect(code).toBe(0);
    expect(err).toContain('warning: FR names an identity in eu-west-1, but messages are sent from us-east-1\n  fix: ');
    await setOrg('Other');
    expect((await catalog(['push', '--yes', '--region', 'eu-west-1'])).err).not.toContain('warning');
    await setOrg('Third');
    const json = await catalog(['push', '--yes', '--region', 'us-east-1', '--json']);
    expect(json).toMatchObject({ code: 0, err: '' });
  });

  it('refuses a file that no item can hold, and leaves the table as it was', async () => {
    const [settings] = catalogFiles();
    await write({ path: 'settings.json', text: `${settings?.text}${' '.repeat(410_000)}` });
    const { code, err } = await catalog(['push', '--yes', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(err).error).toMatchObject({ code: 'catalog-file-too-large' });
    expect(await table()).toEqual([]);
  });

  it('refuses an empty folder', async () => {
    await rm(dir, { recursive: true });
    const { code, err } = await catalog(['push', '--yes', '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error: 'catalog-empty' });
    await openWorkspace(dir, '.').write({ path: 'x', text: '' });
  });

  it('asks, with what changes before it, and publishes nothing when the person says no', async () => {
    await push();
    await setOrg('Other');
    const no = await catalog(['push'], { typed: 'n' });
    expect(no).toMatchObject({ code: 130, asked: ['Publish this in place of version 1? (y/N)'] });
    expect(no.err).toContain('~ settings.json\n    ~ org\n');
    const piped = await catalog(['push', '--json']);
    expect({ code: piped.code, error: JSON.parse(piped.err).error.code }).toEqual({
      code: 2,
      error: 'confirmation-missing',
    });
    expect((await readActive(tables.client, catalogTable))?.number).toBe(1);
    expect((await catalog(['push'], { typed: 'y' })).code).toBe(0);
    expect((await readActive(tables.client, catalogTable))?.number).toBe(2);
  });

  it('names who was faster while the person was thinking, and publishes nothing', async () => {
    await push();
    await setOrg('Mine');
    const fake = createFakeContext({ env: { OKTA_OTP_CATALOG_TABLE: catalogTable, USER: 'ann' }, typed: 'y' });
    const ask = async () => {
      await otherPushes('Theirs');
      return 'y';
    };
    const code = await main(['catalog', 'push', '--dir', dir], { ...fake, ask });
    expect(code).toBe(1);
    expect(fake.err()).toContain('version 2 was made active by bob at 2026-02-03T04:05:06.000Z');
    expect(new Set((await table()).map((item) => item['pk']?.S))).toEqual(
      new Set(['catalog', expect.stringMatching(/^version#version-/), 'version#bob-Theirs']),
    );
  });

  it.each([
    { args: ['--author', 'Eve'], git: 'Git', author: 'Eve' },
    { args: [], git: 'Git', author: 'Git' },
    { args: [], git: undefined, author: 'ann' },
  ])('names $author as the author', async ({ args, git, author }) => {
    await catalog(['push', '--yes', ...args], { services: { gitAuthor: async () => git } });
    expect((await readActive(tables.client, catalogTable))?.author).toBe(author);
  });
});

describe('catalog diff', () => {
  it('ends with 3 only when it is asked to and there is a difference', async () => {
    expect((await catalog(['diff', '--exit-code'])).code).toBe(3);
    await push();
    expect(await catalog(['diff', '--exit-code'])).toMatchObject({ code: 0, out: '' });
    await setOrg('Other');
    const differing = await catalog(['diff']);
    expect(differing).toMatchObject({ code: 0, out: '~ settings.json\n    ~ org\n' });
    const { code, out } = await catalog(['diff', '--exit-code', '--json']);
    expect(code).toBe(3);
    const parts = [{ part: 'org', kind: 'changed' }];
    expect(JSON.parse(out)).toEqual({ active: 1, changes: [{ path: 'settings.json', kind: 'changed', parts }] });
  });
});

describe('catalog status', () => {
  it('tells what is active and whether the folder differs', async () => {
    expect((await catalog(['status'])).code).toBe(3);
    await push();
    const { code, out } = await catalog(['status']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /version {4}1\npushed .* by ann\n[\s\S]*files {6}5\nhash {7}as published\nworkspace {2}the same\n/,
    );
    await setOrg('Other');
    expect(JSON.parse((await catalog(['status', '--json'])).out)).toMatchObject({
      active: { number: 1, author: 'ann', sound: true },
      workspace: 'different',
    });
  });

  it('ends with 3 when an item is not as it was published, and a push replaces the version all the same', async () => {
    await push();
    const active = await readActive(tables.client, catalogTable);
    const Item = { pk: { S: versionKey(active?.id ?? '') }, sk: { S: 'settings.json' }, body: { S: '{}' } };
    await tables.client.send(new PutItemCommand({ TableName: catalogTable, Item }));
    const { code, out } = await catalog(['status', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ active: { sound: false }, workspace: 'unknown' });
    expect((await push()).code).toBe(0);
    expect((await catalog(['status'])).code).toBe(0);
  });
});

describe('catalog history and rollback', () => {
  beforeEach(async () => {
    await push();
    await setOrg('Second');
    await push();
  });

  it('goes back to the version before, lists what is active, and pushes on from there', async () => {
    expect(await numbers()).toEqual(['2*', '1']);
    const { code, out } = await catalog(['rollback', '--yes', '--json']);
    expect({ code, said: JSON.parse(out) }).toEqual({ code: 0, said: { version: 1, from: 2, rolledBack: true } });
    expect(await numbers()).toEqual(['2', '1*']);
    await setOrg('Third');
    expect((await push()).code).toBe(0);
    expect(await numbers()).toEqual(['3*', '2', '1']);
    expect((await catalog(['rollback', '1', '--yes'])).code).toBe(0);
    expect((await catalog(['history'])).out.split('\n')[3]).toMatch(/^\* {6}1 .* ann$/);
  });

  it.each(['7', '1'])('knows no version to go back to: %s', async (wanted) => {
    if (wanted === '1') await catalog(['rollback', '--yes']);
    const { code, err } = await catalog(['rollback', ...(wanted === '1' ? [] : [wanted]), '--yes', '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error: 'catalog-version-unknown' });
  });

  it('does nothing for the active version, nor when nobody or the person says so', async () => {
    expect((await catalog(['rollback', '2', '--yes'])).err).toBe('Version 2 is active already.\n');
    expect((await catalog(['rollback'])).code).toBe(2);
    expect((await catalog(['rollback'], { typed: '' })).code).toBe(130);
    expect((await catalog(['rollback', '0'])).code).toBe(2);
    expect(await numbers()).toEqual(['2*', '1']);
  });
});

describe('catalog switch', () => {
  const settings = async (number: number) => {
    const item = (await table()).find(
      ({ pk, sk }) => pk?.S === versionKey(`version-${number}`) && sk?.S === 'settings.json',
    );
    return JSON.parse(item?.['body']?.S ?? '{}');
  };

  it('stops and resumes sending by a version of its own, with nothing else changed', async () => {
    const first = ids + 1;
    await catalog(['push', '--yes']);
    const off = await catalog(['switch', 'off', '--yes', '--json']);
    expect(JSON.parse(off.out)).toEqual({ version: 2, enabled: false, switched: true });
    expect(await settings(ids)).toEqual({ ...(await settings(first)), enabled: false });
    const again = await catalog(['switch', 'off', '--yes', '--json']);
    expect(JSON.parse(again.out)).toEqual({ version: 2, enabled: false, switched: false });
    const on = await catalog(['switch', 'on', '--yes', '--json']);
    expect(JSON.parse(on.out)).toEqual({ version: 3, enabled: true, switched: true });
    expect(await settings(ids)).toEqual({ ...(await settings(first)), enabled: true });
  });

  it('is not undone by the way: a push or a rollback has to say so, or a person who has seen it', async () => {
    await catalog(['push', '--yes']);
    await catalog(['switch', 'off', '--yes']);
    for (const args of [['push'], ['push', '--json'], ['rollback'], ['rollback', '--json']]) {
      const { code, out, err } = await catalog([...args, '--yes']);
      expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
      expect(err).toMatch(/sending-off|this would switch it on again/);
    }
    expect(await numbers()).toEqual(['2*', '1']);
    const seen = await catalog(['push'], { typed: 'y' });
    expect(seen).toMatchObject({ code: 0, err: expect.stringContaining('THE KILL SWITCH: SENDING IS ON AGAIN') });
    await catalog(['switch', 'off', '--yes']);
    expect((await catalog(['push', '--yes', '--switch-on'])).code).toBe(0);
    await catalog(['switch', 'off', '--yes']);
    expect((await catalog(['rollback', '5', '--yes', '--switch-on'])).code).toBe(0);
    expect(await numbers()).toEqual(['6', '5*', '4', '3', '2', '1']);
  });

  it('that stays off keeps nobody from publishing', async () => {
    await catalog(['push', '--yes']);
    await catalog(['switch', 'off', '--yes']);
    await catalog(['pull', '--yes']);
    const kept = JSON.parse((await local()).find(({ path }) => path === 'settings.json')?.text ?? '');
    await write({ path: 'settings.json', text: JSON.stringify({ ...kept, org: 'Acme' }) });
    expect((await catalog(['push', '--yes'])).code).toBe(0);
    expect(await settings(ids)).toMatchObject({ enabled: false, org: 'Acme' });
  });

  it('asks first, and does nothing where nobody can be asked, on a no, or when there is nothing to switch', async () => {
    expect((await catalog(['switch', 'off', '--yes'])).code).toBe(2);
    await catalog(['push', '--yes']);
    expect((await catalog(['switch', 'off'])).code).toBe(2);
    expect((await catalog(['switch', 'off'], { typed: 'n' })).code).toBe(130);
    expect((await catalog(['switch', 'sideways', '--yes'])).code).toBe(2);
    expect((await table()).filter(({ sk }) => sk?.S?.startsWith('version#'))).toHaveLength(1);
  });
});

describe('catalog pull', () => {
  it('writes every file as it was pushed, byte for byte', async () => {
    const [settings, ...rest] = catalogFiles({ settings: { org: 'Ácmé 😀' } });
    await write({ path: 'settings.json', text: `${settings?.text.replaceAll('\n', '\r\n')}\r\n\t ` }, ...rest);
    await push();
    const pushed = await readFile(join(dir, 'settings.json'));
    const files = await local();
    await rm(dir, { recursive: true });
    expect((await catalog(['pull'])).code).toBe(0);
    expect(await readFile(join(dir, 'settings.json'))).toEqual(pushed);
    expect(await local()).toEqual(files);
  });

  it('keeps a byte order mark that somebody has published', async () => {
    const files = [{ path: 'settings.json', text: '\ufeff{}\n' }];
    const publication = { files, author: 'bob', now: 1, id: 'marked', against: undefined };
    await publishCatalog(tables.client, catalogTable, publication);
    expect((await catalog(['pull', '--yes'])).code).toBe(0);
    expect(await readFile(join(dir, 'settings.json'))).toEqual(Buffer.from('\ufeff{}\n'));
  });

  it('overwrites and removes only when that is confirmed, and never what is no catalog', async () => {
    await push();
    await setOrg('Edited');
    await write({ path: 'templates/fr.json', text: '{}' }, { path: 'README.md', text: 'mine' });
    const before = await local();
    expect((await catalog(['pull'])).code).toBe(2);
    const no = await catalog(['pull'], { typed: 'no' });
    expect(no.code).toBe(130);
    expect(no.err).toContain('- templates/fr.json\n');
    expect(await local()).toEqual(before);
    expect((await catalog(['pull', '--yes'])).code).toBe(0);
    expect((await catalog(['diff', '--exit-code'])).code).toBe(0);
    expect(await readFile(join(dir, 'README.md'), 'utf8')).toBe('mine');
  });

  it('writes nowhere but into the folder, whatever the table says', async () => {
    await writeFile(join(dir, 'settings.json'), '{}');
    const files = [{ path: 'templates/../../escaped.json', text: '{}' }];
    const publication = { files, author: 'eve', now: 1, id: 'escaped', against: undefined };
    await publishCatalog(tables.client, catalogTable, publication);
    const { code, err } = await catalog(['pull', '--yes', '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 1, error: 'catalog-path-unknown' });
  });

  it('has nothing to write before the first push', async () => {
    const { code, err } = await catalog(['pull', '--json']);
    expect({ code, error: JSON.parse(err).error.code }).toEqual({ code: 2, error: 'catalog-unpublished' });
  });
});

describe('the catalog table', () => {
  it.each([
    { args: ['status'], env: {}, code: 2, error: 'catalog-table-missing' },
    { args: ['status', '--table', 'a table'], env: {}, code: 2, error: 'catalog-table-invalid' },
    { args: ['status', '--table', 'another'], env: {}, code: 1, error: 'catalog-table-not-found' },
  ])('is told apart from none: $error', async ({ args, env, code, error }) => {
    const ended = await catalog([...args, '--json'], { env });
    expect({ code: ended.code, error: JSON.parse(ended.err).error.code }).toEqual({ code, error });
  });
});

describe('the protect configuration', () => {
  const startAccount = useManagedAccount();
  const block = (identities: unknown) =>
    write({ path: 'originationIdentities.json', text: JSON.stringify(identities) });
  const blocked = (under: ManagedAccountUnderTest) => {
    const rules = under.account.protectRules?.('protect-1');
    if (rules === undefined || rules === 'unknown') throw new Error('there are no rules');
    return { sms: [...(rules.blockedCountries?.SMS ?? [])], voice: [...(rules.blockedCountries?.VOICE ?? [])] };
  };
  const start = () => startAccount({ protectConfigurations: ['protect-1'] });
  beforeEach(() => block({}));
  const run = (under: ManagedAccountUnderTest, args: readonly string[], options: FakeContextOptions = {}) => {
    // A person is slower than the quota of one request a second.
    under.clock.pass(2_000);
    return catalog([...args, '--protect-configuration', 'protect-1'], { clock: under.clock, ...options });
  };

  it('blocks what a push blocks and allows what it does not, channel by channel', async () => {
    const under = await start();
    await block({ CU: { enabled: 'blocked' }, IR: { voice: { enabled: 'blocked' }, sms: 'ACME' } });
    const first = await run(under, ['push', '--yes']);
    expect(first).toMatchObject({ code: 0 });
    expect(first.err).toContain('protect sms: blocks Cuba\nprotect voice: blocks Cuba, Iran\n');
    expect(blocked(under)).toEqual({ sms: ['CU'], voice: ['CU', 'IR'] });
    await block({ CU: 'ACME' });
    const { out } = await run(under, ['push', '--yes', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      version: 2,
      published: true,
      protect: { configuration: 'protect-1', changes: { sms: { CU: 'ALLOW' }, voice: { CU: 'ALLOW', IR: 'ALLOW' } } },
    });
    expect(blocked(under)).toEqual({ sms: [], voice: [] });
  });

  it('is named by the environment, too, and left alone where nothing names it', async () => {
    const under = await start();
    await block({ CU: { enabled: 'blocked' } });
    await catalog(['push', '--yes'], { clock: under.clock });
    expect(under.operations()).toEqual([]);
    const env = { OKTA_OTP_CATALOG_TABLE: catalogTable, OKTA_OTP_PROTECT_CONFIGURATION: 'protect-1' };
    await catalog(['push', '--yes'], { clock: under.clock, env });
    expect(blocked(under)).toEqual({ sms: ['CU'], voice: ['CU'] });
  });

  it('is not written to when it says what the catalog says', async () => {
    const under = await start();
    await block({ CU: { enabled: 'blocked' } });
    await run(under, ['push', '--yes']);
    const again = await run(under, ['push', '--json']);
    expect({ code: again.code, protect: JSON.parse(again.out).protect.changes }).toEqual({
      code: 0,
      protect: { sms: {}, voice: {} },
    });
    expect(under.operations().filter((name) => name.startsWith('Update'))).toHaveLength(2);
  });

  it('is put right by a push without changes, once somebody has said so', async () => {
    const under = await start();
    await run(under, ['push', '--yes']);
    await new PinpointSMSVoiceV2Client({}).send(
      new UpdateProtectConfigurationCountryRuleSetCommand({
        ProtectConfigurationId: 'protect-1',
        NumberCapability: 'SMS',
        CountryRuleSetUpdates: { FR: { ProtectStatus: 'BLOCK' }, DE: { ProtectStatus: 'FILTER' } },
      }),
    );
    const status = await run(under, ['status']);
    expect({ code: status.code, told: status.out.includes('protect    differs: okta-otp catalog push') }).toEqual({
      code: 3,
      told: true,
    });
    const piped = await run(under, ['push', '--json']);
    expect({ code: piped.code, error: JSON.parse(piped.err).error.code }).toEqual({
      code: 2,
      error: 'confirmation-missing',
    });
    expect((await run(under, ['push'], { typed: 'n' })).code).toBe(130);
    expect(blocked(under).sms).toEqual(['FR']);
    const yes = await run(under, ['push'], { typed: 'y' });
    expect(yes.err).toContain('protect sms: allows France\n');
    expect(blocked(under).sms).toEqual([]);
    const good = await run(under, ['status', '--json']);
    expect({ code: good.code, protect: JSON.parse(good.out).protect }).toEqual({ code: 0, protect: 'same' });
  });

  it('follows a rollback, also one that was cut short', async () => {
    const under = await start();
    await block({ CU: { enabled: 'blocked' } });
    await run(under, ['push', '--yes']);
    await block({});
    await run(under, ['push', '--yes']);
    expect(blocked(under).sms).toEqual([]);
    under.service.setFault({ kind: 'exception', name: 'InternalServerException' });
    const broken = await run(under, ['rollback', '1', '--yes']);
    expect(broken.code).toBe(1);
    expect(broken.err).toContain('Version 1 is active again');
    expect(broken.err).toContain('okta-otp catalog rollback 1');
    under.service.setFault(undefined);
    const again = await run(under, ['rollback', '1', '--yes', '--json']);
    expect(JSON.parse(again.out)).toMatchObject({ rolledBack: false, protect: { changes: { sms: { CU: 'BLOCK' } } } });
    expect(blocked(under)).toEqual({ sms: ['CU'], voice: ['CU'] });
    expect((await run(under, ['rollback', '2', '--yes'])).err).toContain('protect sms: allows Cuba');
  });

  it('that cannot be reached fails a push, which says that the version stands and what to run again', async () => {
    const under = await start();
    await block({ CU: { enabled: 'blocked' } });
    under.service.setFault({ kind: 'exception', name: 'InternalServerException' });
    const { code, out, err } = await run(under, ['push', '--yes', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ version: 1, published: true });
    expect(JSON.parse(out)).not.toHaveProperty('protect');
    expect(JSON.parse(err).error).toMatchObject({
      code: 'protect-not-updated',
      message: expect.stringContaining('version 1 is active, but its country blocks did not reach'),
      hint: expect.stringContaining('okta-otp catalog push'),
    });
    under.service.setFault(undefined);
    await run(under, ['push', '--yes']);
    expect(blocked(under)).toEqual({ sms: ['CU'], voice: ['CU'] });
  });

  it('says after Ctrl-C that the version stands', async () => {
    const under = await start();
    under.service.setFault({ kind: 'hang' });
    const fake = createFakeContext({
      clock: under.clock,
      env: { OKTA_OTP_CATALOG_TABLE: catalogTable },
      services: { gitAuthor: async () => undefined },
    });
    const ended = main(['catalog', 'push', '--yes', '--dir', dir, '--protect-configuration', 'protect-1'], fake);
    await expect.poll(() => under.operations().length).toBe(1);
    fake.interrupt();
    expect(await ended).toBe(130);
    expect(fake.err()).toContain('Interrupted: version 1 is active');
  });

  it('says after Ctrl-C that it may be put right in part only', async () => {
    const under = await start();
    await run(under, ['push', '--yes']);
    await block({ CU: { enabled: 'blocked' } });
    await catalog(['push', '--yes'], { clock: under.clock });
    under.clock.pass(2_000);
    for (const _ of ['sms', 'voice']) under.service.breakNext({ kind: 'latency', ms: 0 });
    under.service.breakNext({ kind: 'hang' });
    const fake = createFakeContext({
      clock: under.clock,
      env: { OKTA_OTP_CATALOG_TABLE: catalogTable },
      services: { gitAuthor: async () => undefined },
    });
    const ended = main(['catalog', 'push', '--yes', '--dir', dir, '--protect-configuration', 'protect-1'], fake);
    await expect.poll(() => under.operations().at(-1)).toBe('UpdateProtectConfigurationCountryRuleSet');
    fake.interrupt();
    expect(await ended).toBe(130);
    expect(fake.err()).toContain('Interrupted: perhaps one channel was changed');
  });

  it('has to exist and to be named by an id or ARN', async () => {
    const under = await start();
    const wrong = await catalog(['push', '--yes', '--json', '--protect-configuration', 'no id!'], {
      clock: under.clock,
    });
    expect({ code: wrong.code, error: JSON.parse(wrong.err).error.code }).toEqual({
      code: 2,
      error: 'protect-configuration-invalid',
    });
    expect(await table()).toEqual([]);
    const missing = await catalog(['push', '--yes', '--json', '--protect-configuration', 'protect-x'], {
      clock: under.clock,
    });
    expect(JSON.parse(missing.err).error.message).toContain('the protect configuration does not exist');
  });
});
