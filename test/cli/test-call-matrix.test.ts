import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { renderJunit } from '../../src/cli/render-junit.ts';
import type { Services } from '../../src/cli/services.ts';
import { lazyServices } from '../../src/cli/services.ts';
import { parseSsml } from '../../src/core/ssml.ts';
import { hookClient, sentReply, useDeployedHook } from '../support/deployed-hook.ts';
import { createFakeContext } from '../support/fake-context.ts';
import { marked } from '../support/marked.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'okta-otp-matrix-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const language = (locale: string, change: object = {}) => ({
  locale,
  reviewed: true,
  sms: { text: `{{otp}} ${locale}` },
  voice: { ssml: `<speak>{{otp}}</speak>`, voiceId: 'JOANNA' },
  ...change,
});

function catalog(
  identities: object = { FR: '+33987654321', CU: { enabled: 'blocked' } },
  languages = [language('en')],
) {
  mkdirSync(join(folder, 'catalog', 'templates'), { recursive: true });
  const write = (path: string, value: object) => writeFileSync(join(folder, 'catalog', path), JSON.stringify(value));
  write('settings.json', { defaultLocale: 'en', org: 'Own Org' });
  write('originationIdentities.json', identities);
  for (const one of languages) write(`templates/${one.locale}.json`, one);
}

async function run(args: readonly string[], services: Partial<Services> = {}) {
  const context = { ...createFakeContext({ services }), cwd: folder };
  const code = await main(['test-call', ...args], context);
  return { code, out: context.out(), err: context.err() };
}

describe("the operator's own catalog", () => {
  it('is what the local cloud uses, from ./catalog or --dir', async () => {
    catalog();
    const call = ['+33612345679', '--otp', marked.otp];
    expect((await run(call)).out).toContain(`│ ${marked.otp} en`);
    expect((await run([...call, '--dir', join(folder, 'catalog')])).out).toContain(`│ ${marked.otp} en`);
    const facts = [
      'locale=en',
      'match=exact',
      'country=FR',
      'parts=1',
      'encoding=GSM-7',
      'template=general',
      'answer=successful',
    ];
    const expected = facts.flatMap((fact) => ['--expect', fact]);
    expect((await run([...call, '--locale', 'en', ...expected])).code).toBe(0);
    expect((await run([...call, '--locale', 'en', '--expect', 'parts=2'])).code).toBe(3);
  });

  it('borrows of the sample what it lacks, and says so', async () => {
    catalog();
    rmSync(join(folder, 'catalog', 'originationIdentities.json'));
    const { code, err } = await run(['+33612345679']);
    expect(code).toBe(0);
    expect(err).toContain("The catalog has no originationIdentities.json: the sample's is used.");
  });

  it('has to be one when it is named', async () => {
    expect((await run(['+33612345679', '--dir', 'nowhere', '--json'])).err).toContain('catalog-empty');
    catalog({ FR: 5 });
    const { code, err } = await run(['+33612345679', '--json']);
    expect(code).toBe(2);
    expect(err).toContain('catalog-invalid');
  });
});

describe('test-call --matrix on this machine', () => {
  it('calls for every language and every country of the catalog, and is one table', async () => {
    catalog(undefined, [language('en'), language('es', { voice: null })]);
    const { code, out } = await run(['--matrix', '--concurrency', '1']);
    expect(code).toBe(0);
    expect(out).toMatch(/^language +sms +voice$/m);
    expect(out).toMatch(/^ +enroll +verify +unlock +reset +enroll +verify +unlock +reset$/m);
    expect(out.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(out).toMatch(/^es( +✔){8}$/m);
    expect(out).toMatch(/^CU( +✔){2}$/m);
    expect(out).toMatch(/^✔ 20 of 20 cells good, 0 failed, \d+\.\d s$/m);
  });

  it('ends with 3 and names the cells that are not as the catalog says', async () => {
    catalog();
    const services: Partial<Services> = {
      async startLocalCloud(options) {
        const cloud = await lazyServices.startLocalCloud({
          ...options,
          account: { protect: { blockedCountries: { VOICE: new Set(['FR']) } } },
        });
        return cloud;
      },
    };
    const { code, out } = await run(['--matrix', '--concurrency', '1'], services);
    expect(code).toBe(3);
    expect(out).toMatch(/^✘ FR voice: protect-country-blocked; expected channel voice, got none/m);
    expect(out).toMatch(/^✘ 7 of 12 cells good, 5 failed/m);
    const json = await run(['--matrix', '--concurrency', '1', '--json'], services);
    expect(JSON.parse(json.out)).toMatchObject({ target: 'local', good: 7, failed: 5, skipped: 0 });
    expect(json.err).toBe('');
  });

  it('proves nothing, and ends with 3, where no country is served at all', async () => {
    catalog({});
    const { code, out } = await run(['--matrix', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ good: 0, failed: 0, skipped: 8 });
    expect((await run(['--matrix'])).out).toMatch(/^✘ 0 of 8 cells good, 0 failed, 8 skipped/m);
  });

  it('skips what no country is served on', async () => {
    catalog({ GB: { sms: 'OKTAOTP' } });
    const { code, out } = await run(['--matrix', '--concurrency', '1']);
    expect(code).toBe(0);
    expect(out).toMatch(/^– en voice mfa-verification: no country is served on this channel$/m);
    expect(out).toMatch(/^✔ 6 of 10 cells good, 0 failed, 4 skipped/m);
  });

  it('takes no number, and no option for one call', async () => {
    for (const args of [
      [marked.phone],
      ['--expect', 'status=SUCCESSFUL'],
      ['--simulator'],
      ['--repeat', '2'],
      ['--locale', 'es'],
    ]) {
      expect((await run(['--matrix', '--concurrency', '1', ...args])).code).toBe(2);
    }
  });

  it('writes JUnit that an XML reader takes, with a case for every cell', async () => {
    catalog({ FR: { voice: '+33987654321' } });
    const { code } = await run(['--matrix', '--concurrency', '1', '--junit', 'report.xml']);
    expect(code).toBe(0);
    const xml = readFileSync(join(folder, 'report.xml'), 'utf8');
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="[^"]*" tests="10" failures="0" errors="0" skipped="4"/,
    );
    expect(xml.match(/<testcase /g)).toHaveLength(10);
    expect(xml.match(/<skipped message="no country is served on this channel"\/>/g)).toHaveLength(4);
    expect((await run(['--matrix', '--concurrency', '1', '--junit', 'no/such/folder.xml', '--json'])).err).toContain(
      'file-unwritable',
    );
  });

  it('escapes in JUnit whatever a cell says', () => {
    const cell = {
      group: 'country',
      name: 'FR',
      channel: 'sms',
      requestType: 'mfa-verification',
      locale: 'en',
      country: 'FR',
      expected: [],
    } as const;
    const why = ['<b>&"\' ]]>', 'bell \u0007', 'second'];
    const report = {
      target: 'url',
      tookMs: 1234,
      results: [{ cell, outcome: 'failed', why, ms: 5, isSent: true }],
    } as const;
    const xml = renderJunit(report, Date.UTC(2026, 0, 1));
    expect(xml).toContain('message="&lt;b&gt;&amp;&quot;&apos; ]]&gt;"');
    expect(xml).toContain('timestamp="2026-01-01T00:00:00"');
    expect(xml).toContain('tests="1" failures="1"');
    expect(xml).not.toContain('\u0007');
    // The reader of SSML reads XML: what stands within the declaration's element is well-formed.
    const body = xml.replace(/^<\?xml.*\?>\n/, '').replace(/<(\/?)testsuites/g, '<$1speak');
    expect(parseSsml(body.trim()).ok).toBe(true);
  });
});

describe('test-call --matrix of a deployed hook', () => {
  const deployed = useDeployedHook();
  const env = { OKTA_OTP_CLIENT_SECRET: hookClient.secret };
  const deployedCatalog = () => {
    catalog({ FR: '+33987654321', GB: 'OKTAOTP', MT: { sms: 'OKTAOTP' } });
    return ['--dir', join(folder, 'catalog')];
  };
  /** Starts come at once, whatever pace is asked for. */
  const clock = {
    now: Date.now,
    after(ms: number, run: () => void) {
      const timer = setTimeout(run, ms < 5_000 ? 0 : ms);
      return () => clearTimeout(timer);
    },
  };
  /** A hook whose catalog has `locale` alone, with general templates. */
  const answerAsAsked = (text = '; locale=en; template=general') =>
    deployed().answerWith((body) => {
      const channel = JSON.stringify(body).includes('"voice call"') ? 'voice' : 'sms';
      return Response.json(sentReply(`dry run, nothing was sent; channel=${channel}${text}`));
    });
  const idsOf = () => deployed().posted.map(({ body }) => String(body['eventId']));

  it('is dry runs alone', async () => {
    answerAsAsked();
    const { code, out } = await deployed().call(['--matrix', ...deployedCatalog(), '--json'], { env, clock });
    const report = JSON.parse(out);
    // A sender ID cannot call: those two countries answer by SMS, which this hook does not know.
    expect(report).toMatchObject({ target: 'url', good: 12, failed: 2 });
    expect(code).toBe(3);
    expect(idsOf()).toHaveLength(14);
    expect(idsOf().every((id) => id.startsWith('dryrun-'))).toBe(true);
    expect(report.cells.every(({ sent }: { sent: boolean }) => !sent)).toBe(true);
  });

  it('fails the cells of a language that the hook does not have', async () => {
    answerAsAsked();
    catalog({ FR: '+33987654321' }, [language('en'), language('es')]);
    const args = ['--matrix', '--dir', join(folder, 'catalog')];
    const { code, out } = await deployed().call(args, { env, clock });
    expect(code).toBe(3);
    expect(out).toMatch(/^en( +✔){8}$/m);
    expect(out).toMatch(/^es( +✘){8}$/m);
    expect(out).toMatch(/^✘ es voice account-unlock: expected locale es, got en$/m);
    expect(out).toMatch(/^✘ 10 of 18 cells good, 8 failed, /m);
  });

  it('fails a cell whose template is not that of its request type', async () => {
    answerAsAsked('; locale=en; template=password-reset');
    catalog({ FR: '+33987654321' });
    const { out } = await deployed().call(['--matrix', '--dir', join(folder, 'catalog')], { env, clock });
    expect(out).toMatch(/^✘ en sms password-reset: expected template general, got password-reset$/m);
  });

  it('checks no text of a hook that does not tell it, and does not let that pass', async () => {
    answerAsAsked('');
    catalog({ FR: '+33987654321' });
    const args = ['--matrix', '--dir', join(folder, 'catalog'), '--junit', 'untold.xml'];
    const { code, out } = await deployed().call(args, { env, clock });
    expect(code).toBe(3);
    expect(out).toMatch(/^en( +\?){8}$/m);
    expect(out).toMatch(/^FR( +✔){2}$/m);
    expect(out).toMatch(/^\? en sms mfa-verification: accepted, text not checked: /m);
    expect(out).toMatch(/^✘ 2 of 10 cells good, 0 failed, 8 unchecked, /m);
    const xml = readFileSync(join(deployed().folder, 'untold.xml'), 'utf8');
    expect(xml).toMatch(/tests="10" failures="0" errors="0" skipped="8"/);
    expect(xml.match(/<skipped message="accepted, text not checked: /g)).toHaveLength(8);
    const json = JSON.parse((await deployed().call([...args, '--json'], { env, clock })).out);
    expect(json).toMatchObject({ good: 2, failed: 0, unchecked: 8, skipped: 0 });
    expect(json.cells[0]).toMatchObject({ outcome: 'unchecked' });
  });

  it('fails the cells of a hook that does not know of dry runs', async () => {
    catalog({ FR: '+33987654321' });
    deployed().answerWith((body) => {
      const channel = JSON.stringify(body).includes('"voice call"') ? 'voice' : 'sms';
      return Response.json(sentReply(`channel=${channel}; locale=en; template=general`));
    });
    const { code, out } = await deployed().call(['--matrix', '--dir', join(folder, 'catalog'), '--json'], {
      env,
      clock,
    });
    expect(code).toBe(3);
    const [cell] = JSON.parse(out).cells;
    expect(cell).toMatchObject({ outcome: 'failed', sent: true, why: [expect.stringContaining('dry run')] });
  });

  it('shows what there is at Ctrl-C, and reports the rest as not called', async () => {
    catalog({ FR: '+33987654321' });
    const context = {
      ...createFakeContext({ env, clock, typed: '' }),
      cwd: folder,
      newId: () => `stopped-${Math.random()}`,
    };
    let calls = 0;
    deployed().answerWith(() => {
      calls += 1;
      if (calls === 4) context.interrupt();
      if (calls >= 4) return new Promise(() => {});
      return Response.json(sentReply('dry run, nothing was sent; channel=sms; locale=en; template=general'));
    });
    const client = ['--url', deployed().url, '--issuer', deployed().issuer, '--client-id', hookClient.clientId];
    const args = ['test-call', '--matrix', ...client, '--concurrency', '1', '--junit', 'report.xml'];
    expect(await main(args, context)).toBe(130);
    expect(context.out()).toMatch(/^en( +✔){3}$/m);
    expect(context.out()).toMatch(/^✘ 3 of 3 cells good, /m);
    expect(context.out()).toMatch(/^stopped after 3 of 10 cells, with 1 under way; 0 messages sent$/m);
    expect(context.err()).toContain('Called 3 of 10');
    const xml = readFileSync(join(folder, 'report.xml'), 'utf8');
    expect(xml.match(/<skipped message="not called: stopped"\/>/g)).toHaveLength(7);
  });

  it('tries the file of --junit before the first call', async () => {
    answerAsAsked();
    catalog({ FR: '+33987654321' });
    mkdirSync(join(deployed().folder, 'a-folder'), { recursive: true });
    for (const file of ['no/such/folder.xml', 'a-folder']) {
      const args = ['--matrix', '--dir', join(folder, 'catalog'), '--junit', file, '--json'];
      const { code, out, err } = await deployed().call(args, { env, clock });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(JSON.parse(err)).toMatchObject({ error: { code: 'file-unwritable' } });
      expect(deployed().posted).toEqual([]);
    }
  });

  it('shows its table even where the file of --junit can no longer be written', async () => {
    catalog({ FR: '+33987654321' });
    const reports = join(deployed().folder, 'reports');
    mkdirSync(reports, { recursive: true });
    const answer = () => {
      rmSync(reports, { recursive: true, force: true });
      return Response.json(sentReply('dry run, nothing was sent; channel=sms; locale=en; template=general'));
    };
    deployed().answerWith(answer);
    const args = ['--matrix', '--dir', join(folder, 'catalog'), '--junit', 'reports/report.xml'];
    const { code, out, err } = await deployed().call(args, { env, clock });
    expect(code).toBe(2);
    expect(out).toMatch(/^en( +✔){4}( +✘){4}$/m);
    expect(err).toContain('the report of --junit cannot be written');
  });

  it("really sends to the service's simulator numbers alone, once somebody has said so", async () => {
    answerAsAsked();
    const args = ['--matrix', '--simulator', ...deployedCatalog()];
    const asked = await deployed().call([...args, '--json'], { env, clock });
    expect(asked.code).toBe(2);
    expect(deployed().posted).toEqual([]);
    await deployed().call([...args, '--yes'], { env, clock });
    const real = deployed().posted.filter(({ body }) => !String(body['eventId']).startsWith('dryrun-'));
    const numbers = real.map(({ body }) => JSON.stringify(body).match(/"phoneNumber":"([^"]+)"/)?.[1]);
    expect(numbers).toEqual(['+33755512501', '+447860019066']);
  });
});
