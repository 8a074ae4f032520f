import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { FakeContextOptions } from '../support/fake-context.ts';
import { createFakeContext } from '../support/fake-context.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'identities-'));
});
afterEach(() => rm(dir, { recursive: true }));

const place = () => join(dir, 'originationIdentities.json');
const write = (text: string) => writeFile(place(), text);
const text = () => readFile(place(), 'utf8');
const entries = async () => JSON.parse(await text());

async function identities(line: string, options: FakeContextOptions = {}) {
  const fake = createFakeContext(options);
  const code = await main(['identities', ...line.split(' '), '--dir', dir], fake);
  return { code, out: fake.out(), err: fake.err(), asked: fake.asked() };
}

/** What is refused leaves every file as it was, and says so as one document. */
async function refusal(line: string) {
  const before = await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name), 'utf8')));
  const { code, out, err } = await identities(`${line} --json`);
  expect(await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name), 'utf8')))).toEqual(before);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  return JSON.parse(err).error;
}

const pool = 'pool-0123456789abcdef';
const arn = (region: string) => `arn:aws:sms-voice:${region}:123456789012:${pool.replace('-', '/pool-')}`;

const written = `{
    "US": { "sms": ["${pool}", "ACME"], "voice": "+18005550123" },
    "FR":   "+33600000001",

    "KP": { "enabled": "blocked" },
    "*": "WORLD"
}
`;

describe('identities list', () => {
  it('shows each country and channel with its identities in order, switch, price and parameters', async () => {
    await write(
      '{"IN":{"sms":{"identities":["ACME","OTHER"],"maxPrice":"0.25"},"voice":{"enabled":false},"parameters":{"IN_ENTITY_ID":"11","IN_TEMPLATE_ID":"12"}},"*":"WORLD"}',
    );
    const { code, out, err } = await identities('list');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'COUNTRY | NAME | CHANNEL | SWITCH | IDENTITIES | KIND | MAX PRICE',
      'IN | India | sms | on | ACME | sender-id | 0.25',
      ' | OTHER | sender-id',
      ' | IN_ENTITY_ID 11',
      ' | IN_TEMPLATE_ID 12',
      'IN | India | voice | off | - | - | -',
      '* | all others | sms | on | WORLD | sender-id | -',
      '* | all others | voice | on | - | - | -',
      '',
    ]);
  });

  it('shows of the numbers of people only the ends, and of ranges their start', async () => {
    const numbers = { allow: ['+34600123456'], deny: ['+3461*', '+34612345678*'] };
    await writeFile(join(dir, 'numbers.json'), JSON.stringify(numbers));
    const { out } = await identities('list');
    expect(out).toBe('never throttled: +34…56\nnever sent to: +3461*, +346…*\n');
    expect(JSON.parse((await identities('list --json')).out)).toEqual({
      identities: [],
      numbers: { allow: ['+34…56'], deny: ['+3461*', '+346…*'] },
    });
  });

  it('gives one document for a program, of one country if that is asked for', async () => {
    await write(written);
    expect(JSON.parse((await identities('list --country fr --json')).out).identities).toEqual([
      {
        country: 'FR',
        name: 'France',
        channel: 'sms',
        switch: 'on',
        identities: [{ kind: 'phone-number', value: '+33600000001' }],
      },
      {
        country: 'FR',
        name: 'France',
        channel: 'voice',
        switch: 'on',
        identities: [{ kind: 'phone-number', value: '+33600000001' }],
      },
    ]);
    const all = JSON.parse((await identities('list --json')).out).identities;
    expect(new Set(all.map(({ country }: { country: string }) => country))).toEqual(new Set(['US', 'FR', 'KP', '*']));
  });

  it('says what to do where there is no file, or nothing in it', async () => {
    const { code, out, err } = await identities('list');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toBe(`${dir} has no originationIdentities.json: okta-otp identities set FR <identity> adds one.\n`);
    await write('{}');
    expect((await identities('list --country de')).err).toBe(
      'Nothing is named there: okta-otp identities set DE <identity> adds one.\n',
    );
  });

  it('colours the head only where colours are wanted', async () => {
    await write(written);
    expect((await identities('list')).out).not.toContain('\u001b');
    expect((await identities('list', { hasColor: true })).out).toContain('\u001b[1mCOUNTRY');
  });

  it('names every field that is wrong', async () => {
    await write('{"FR":{"sms":{"enabled":"maybe"}},"DE":""}');
    const { code, message } = await refusal('list');
    expect(code).toBe('identities-invalid');
    expect(message).toContain('originationIdentities.json: FR.sms.enabled must be true, false or "blocked"');
    expect(message).toContain('originationIdentities.json: DE is empty');
  });
});

describe('identities set', () => {
  it('leaves every other line as it is', async () => {
    await write(written);
    expect(await identities('set fr ACME +33600000002')).toEqual({
      code: 0,
      out: '',
      err: 'Wrote FR to originationIdentities.json. It holds once it is published: okta-otp catalog push\n',
      asked: [],
    });
    // The sender ID serves SMS, the number both: the flat form says that.
    expect(await text()).toBe(written.replace('"+33600000001"', '["ACME", "+33600000002"]'));
    await identities('set DE +4915112345678');
    expect(await text()).toContain('"blocked" },\n    "DE": "+4915112345678",\n    "*": "WORLD"\n}\n');
    expect(await readdir(dir)).toEqual(['originationIdentities.json']);
  });

  it.each([
    ['{}', '{\n  "FR": "ACME"\n}'],
    ['{"DE":"X1"}', '{"DE":"X1", "FR": "ACME"}'],
    ['{\r\n\t"DE": "X1"\r\n}\r\n', '{\r\n\t"DE": "X1",\r\n\t"FR": "ACME"\r\n}\r\n'],
    ['{\n  "$schema": "x"\n}\n', '{\n  "$schema": "x",\n  "FR": "ACME"\n}\n'],
  ])('writes as the file is written already: %j', async (before, after) => {
    await write(before);
    await identities('set FR ACME');
    expect(await text()).toBe(after);
  });

  it('makes the file where there is none', async () => {
    await rm(dir, { recursive: true });
    const { code, out } = await identities('set FR ACME --json');
    const said = { country: 'FR', changed: true, file: 'originationIdentities.json', entry: 'ACME', findings: [] };
    expect({ code, out: JSON.parse(out) }).toEqual({ code: 0, out: said });
    expect(await text()).toBe('{\n  "FR": "ACME"\n}\n');
  });

  it.each([
    ['set FR +33600000002 --channel voice', { sms: '+33600000001', voice: '+33600000002' }],
    ['set FR ACME', { sms: 'ACME', voice: '+33600000001' }],
    ['set FR --enabled off', { sms: '+33600000001', voice: '+33600000001', enabled: false }],
    [
      'set FR --channel sms --enabled blocked',
      { sms: { identities: '+33600000001', enabled: 'blocked' }, voice: '+33600000001' },
    ],
    [
      'set FR --max-price 0.25',
      {
        sms: { identities: '+33600000001', maxPrice: '0.25' },
        voice: { identities: '+33600000001', maxPrice: '0.25' },
      },
    ],
    ['set KP --channel sms --enabled on', { voice: { enabled: 'blocked' } }],
    [`set KP ${pool} --enabled on`, { sms: pool, voice: pool }],
    [
      'set US --channel voice --enabled off',
      { sms: [pool, 'ACME'], voice: { identities: '+18005550123', enabled: false } },
    ],
    ['set * +18005550123 --channel voice', { sms: 'WORLD', voice: '+18005550123' }],
    [
      'set IN ACME --entity-id 11 --template-id 12',
      { sms: 'ACME', parameters: { IN_ENTITY_ID: '11', IN_TEMPLATE_ID: '12' } },
    ],
    ['set ES --enabled off', { enabled: false }],
    ['set ES ACME --max-price 0.10', { sms: { identities: 'ACME', maxPrice: '0.10' } }],
  ])('takes the rich form where it needs it: %s', async (line, entry) => {
    await write(written);
    expect((await identities(line)).code).toBe(0);
    expect((await entries())[line.split(' ')[1] ?? '']).toEqual(entry);
  });

  it('keeps what is not named, step by step', async () => {
    await write('{"IN":"ACME"}');
    await identities('set IN --entity-id 11 --template-id 12');
    await identities('set IN --max-price 0.25');
    await identities('set IN --template-id 13');
    await identities('set IN +18005550123 --channel voice --enabled off');
    const rich = {
      sms: { identities: 'ACME', maxPrice: '0.25' },
      voice: { identities: '+18005550123', enabled: false },
      parameters: { IN_ENTITY_ID: '11', IN_TEMPLATE_ID: '13' },
    };
    expect(await entries()).toEqual({ IN: rich });
    await identities('set IN --max-price none --enabled on');
    expect(await entries()).toEqual({ IN: { sms: 'ACME', voice: '+18005550123', parameters: rich.parameters } });
  });

  it('writes a long entry on several lines', async () => {
    await write('{\n  "FR": "ACME"\n}\n');
    await identities(`set FR ${arn('eu-west-1')} --max-price 0.25 --channel sms`);
    expect(await text()).toBe(
      `{\n  "FR": {\n    "sms": { "identities": "${arn('eu-west-1')}", "maxPrice": "0.25" }\n  }\n}\n`,
    );
  });

  it('writes nothing when the file says that already, however it is written', async () => {
    await write(written);
    const { code, err } = await identities('set FR +33600000001');
    expect({ code, err }).toEqual({
      code: 0,
      err: 'Nothing to write: originationIdentities.json says that already.\n',
    });
    expect(JSON.parse((await identities('set KP --enabled blocked --json')).out)).toMatchObject({ changed: false });
    expect(await text()).toBe(written);
  });

  it('says that a sender ID serves no calls, and what else to look at', async () => {
    await write('{}');
    expect((await identities('set FR ACME')).err).toContain('A sender ID cannot call, so calls are as they were.\n');
    const { err } = await identities(`set IM ${arn('eu-west-1')}`, { env: { AWS_REGION: 'us-east-1' } });
    expect(err).toContain('warning: IM serves no mobile number: those are told to be of GB');
    expect(err).toContain('warning: IM names an identity in eu-west-1, but messages are sent from us-east-1\n');
    const { out } = await identities('set IM ACME --json');
    expect(JSON.parse(out).findings).toMatchObject([{ rule: 'shared-range', path: 'IM' }]);
  });

  it.each([
    ['set UK ACME', 'country-unknown', 'did you mean GB (United Kingdom)?'],
    ['set QQ ACME', 'country-unknown', 'name it by its ISO 3166 code, such as FR, or write "*" for all others'],
    ['set FR', 'identities-unchanged', 'okta-otp identities set FR <identity>, or --enabled, or --max-price'],
    ['set *', 'identities-unchanged', 'okta-otp identities set "*" <identity>, or --enabled, or --max-price'],
    ['set FR ACME --channel voice', 'identity-cannot-call', 'name a phone number or a pool for voice'],
    ['set FR ACME --entity-id 1', 'parameters-not-india', 'set them for IN'],
    ['set KP --enabled on', 'identities-missing', 'name an identity, or okta-otp identities remove KP'],
    ['set FR ACME Thirteen-letters', 'identity-invalid', 'for example +33987654321, ACME, pool-… or an ARN of them'],
    ['set FR ACME --channel fax', 'usage', expect.any(String)],
    ['set FR ACME --enabled maybe', 'usage', expect.any(String)],
  ])('refuses %s and leaves the file as it was', async (line, code, hint) => {
    await write(written);
    expect(await refusal(line)).toMatchObject({ code, hint });
  });

  it.each([
    ['--max-price 5', 'FR.sms.maxPrice must be US dollars such as 0.25'],
    ['--max-price 0.123456', 'FR.voice.maxPrice must be US dollars such as 0.25'],
  ])('names the field that would be wrong: %s', async (options, message) => {
    await write(written);
    const error = await refusal(`set FR ${options}`);
    expect(error).toMatchObject({ code: 'identities-invalid', message: expect.stringContaining(message) });
  });

  it('names which of the identities is none', async () => {
    await write(written);
    expect((await refusal('set FR ACME +0')).message).toMatch(/^identity 2 must be a phone number, sender ID or pool/);
  });

  it.each([
    ['{', 'originationIdentities.json is not valid JSON'],
    ['[]', 'originationIdentities.json must be an object'],
    ['{"DE":5}', 'originationIdentities.json: DE must be a string'],
  ])('touches no file that is broken already: %s', async (broken, message) => {
    await write(broken);
    expect(await refusal('set FR ACME')).toMatchObject({
      code: 'identities-invalid',
      message: expect.stringContaining(message),
    });
  });

  it('touches no file that names the country twice, of which only the last counts', async () => {
    await write('{"FR":"ACME","FR":"OTHER"}');
    expect(await refusal('set FR THIRD')).toMatchObject({ code: 'identities-twice' });
  });
});

describe('identities remove', () => {
  it('takes the country out once its code is typed, and leaves every other line as it is', async () => {
    await write(written);
    const { code, out, err, asked } = await identities('remove fr', { typed: 'fr' });
    expect({ code, out, asked }).toEqual({
      code: 0,
      out: '',
      asked: ['Type "FR" to take FR out of originationIdentities.json:'],
    });
    expect(err).toBe('Took FR out of originationIdentities.json. Now "*" serves it. It holds once it is published.\n');
    expect(await entries()).toEqual({ ...JSON.parse(written), FR: undefined });
    expect(await text()).toContain(`    "US": { "sms": ["${pool}", "ACME"], "voice": "+18005550123" },\n`);
  });

  it.each([
    ['*', 'Nothing serves the countries that are not named.'],
    ['US', 'Nothing serves it any more.'],
    ['IM', 'Now GB serves it.'],
  ])('says who serves %s then', async (country, words) => {
    await write('{"US":"ACME","IM":"ACME","GB":"ACME","*":{"enabled":false}}');
    expect((await identities(`remove ${country} --yes`)).err).toContain(words);
  });

  it('takes one channel out', async () => {
    await write(written);
    const { out } = await identities('remove US --channel voice --yes --json');
    expect(JSON.parse(out)).toEqual({ removed: 'US', channel: 'voice' });
    expect((await entries())['US']).toEqual({ sms: [pool, 'ACME'] });
    expect((await identities('remove FR --channel sms --yes')).err).toContain("Took FR's sms out");
    expect((await entries())['FR']).toEqual({ voice: '+33600000001' });
    expect(await refusal('remove FR --channel voice --yes')).toMatchObject({ code: 'identities-missing' });
  });

  it('takes out what is no country', async () => {
    await write('{"UK":"ACME","FR":"ACME"}');
    expect(JSON.parse((await identities('remove UK --yes --json')).out)).toEqual({ removed: 'UK' });
    expect(await entries()).toEqual({ FR: 'ACME' });
  });

  it('removes nothing when the person says no, nor where nobody can be asked', async () => {
    await write(written);
    expect(await identities('remove FR', { typed: 'yes' })).toMatchObject({ code: 130, err: 'Nothing was removed.\n' });
    expect(await refusal('remove FR')).toMatchObject({
      code: 'confirmation-missing',
      hint: 'okta-otp identities remove FR --yes',
    });
    expect(await refusal('remove *')).toMatchObject({ hint: 'okta-otp identities remove "*" --yes' });
    expect(await refusal('remove DE --yes')).toMatchObject({ code: 'identities-not-found' });
    expect(await text()).toBe(written);
  });
});

describe('identities coverage', () => {
  it('is a matrix of countries and channels with a summary', async () => {
    await write(written);
    const { code, out, err } = await identities('coverage --countries US,FR,KP,ES,im');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'COUNTRY | NAME | SMS | VOICE',
      `US | United States | ${pool} +1 | +18005550123`,
      'FR | France | +33600000001 | +33600000001',
      'KP | North Korea | blocked | blocked',
      'ES | Spain | default WORLD | GAP',
      'IM* | Isle of Man | default WORLD | GAP',
      '',
      '* mobile numbers cannot be told from those of another country, which serves them: IM as GB',
      '5 countries – sms: 2 with their own identity, 2 by the default, 1 blocked, 0 not served; voice: 2 with their own identity, 1 blocked, 2 not served',
      '',
    ]);
  });

  it('names every country unless told otherwise, and ends with 3 for a gap where that is wanted', async () => {
    await write(written);
    const { code, out } = await identities('coverage --json --exit-code');
    expect(code).toBe(3);
    const { coverage, summary } = JSON.parse(out);
    expect(summary).toEqual({ countries: 245, identity: 4, default: 242, off: 0, blocked: 2, gap: 242 });
    expect(coverage).toHaveLength(490);
    expect(coverage).toContainEqual({
      country: 'VA',
      name: 'Vatican City',
      channel: 'sms',
      state: 'default',
      servedAs: 'IT',
      identities: ['WORLD'],
    });
    expect((await identities('coverage --exit-code --channel sms')).code).toBe(0);
    expect((await identities('coverage --countries ES')).code).toBe(0);
  });

  it('says why a country that is named has a gap where the default has none', async () => {
    await write('{"FR":"ACME","GB":"ACME","*":"+18005550123"}');
    const { err } = await identities('coverage --countries FR,IM,DE');
    expect(err).toBe('"*" serves voice for countries that are not named, so not for FR, GB, which the file names.\n');
    expect((await identities('coverage --countries FR --json')).err).toBe('');
    expect((await identities('coverage --countries DE')).err).toBe('');
  });

  it('keeps its lines readable on a terminal of no width', async () => {
    await write(written);
    const { out } = await identities('coverage --countries IM', { columns: 0 });
    expect(out).toContain(
      '\n* mobile numbers cannot be told from those of another\ncountry, which serves them: IM as GB\n',
    );
  });

  it('refuses a country that there is none of', async () => {
    expect(await refusal('coverage --countries FR,UK')).toMatchObject({ code: 'country-unknown' });
  });

  it('says that there is no file', async () => {
    const { out, err } = await identities('coverage --countries FR');
    expect(err).toBe(`${dir} has no originationIdentities.json, so nothing is served.\n`);
    expect(out).toContain('1 country – sms: 1 not served; voice: 1 not served\n');
  });
});

describe('templates validate', () => {
  const findings = async (env: Record<string, string>) => {
    const fake = createFakeContext({ env });
    await main(['templates', 'validate', '--json', '--dir', dir], fake);
    return JSON.parse(fake.out())
      .findings.filter(({ file }: { file: string }) => file === 'originationIdentities.json')
      .map(({ severity, rule, line }: Record<string, unknown>) => `${line} ${severity} ${rule}`);
  };

  it('finds countries that there are none of, and identities in another Region than the environment names', async () => {
    await write(`{\n  "UK": "ACME",\n  "FR": "${arn('eu-west-1')}"\n}`);
    expect(await findings({})).toEqual(['2 error unknown-country']);
    expect(await findings({ AWS_REGION: 'eu-west-1' })).toEqual(['2 error unknown-country']);
    const both = ['2 error unknown-country', '3 warning other-region'];
    expect(await findings({ AWS_REGION: 'us-east-1' })).toEqual(both);
    expect(await findings({ AWS_REGION: '', AWS_DEFAULT_REGION: 'us-east-1' })).toEqual(both);
  });
});
