import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isObject } from '../../src/core/decode.ts';
import { ofType, placesOf, startDevOf, stopDevProcesses } from '../support/dev-process.ts';
import { marked } from '../support/marked.ts';
import { checkout } from '../support/run-bin.ts';

/** A clone of its own, whose sources a test may change. */
let clone = '';

beforeEach(async () => {
  clone = await realpath(await mkdtemp(join(tmpdir(), 'okta-otp-clone-')));
  for (const part of ['bin', 'dist', 'scripts', 'src', 'templates', 'package.json', 'tsconfig.json']) {
    await cp(join(checkout, part), join(clone, part), { recursive: true });
  }
  await symlink(join(checkout, 'node_modules'), join(clone, 'node_modules'));
});
afterEach(async () => {
  await stopDevProcesses();
  await rm(clone, { recursive: true, force: true });
});

const edit = async (file: string, change: (text: string) => string) => {
  const path = join(clone, 'src', file);
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
};

it('in a clone the functions follow their sources, and run on as they were while these do not build', async () => {
  const dev = startDevOf(clone, clone);
  const { page = '' } = await placesOf(dev);
  const call = new URL(page);
  call.pathname = '/calls';
  const send = async () => {
    await fetch(call, { method: 'POST', body: JSON.stringify({ phoneNumber: marked.phone, otp: marked.otp }) });
    const { delivery } = await dev.next(ofType('delivery'));
    return isObject(delivery) && isObject(delivery['verdict']) ? delivery['verdict'] : undefined;
  };
  expect(await send()).toMatchObject({ codeTakenForSent: true });

  await edit('handlers/sender/entry.ts', (text) => `${text}\nthis is no TypeScript;\n`);
  expect(await dev.next(ofType('sources-broken'))).toMatchObject({ why: expect.stringMatching(/entry\.ts:\d+:\d+: /) });
  expect(await send()).toMatchObject({ codeTakenForSent: true });

  await edit('handlers/sender/entry.ts', (text) => text.replace('\nthis is no TypeScript;\n', ''));
  await dev.next(ofType('cold'));
  expect(await send()).toMatchObject({ codeTakenForSent: true });

  await edit('core/deliver.ts', (text) => text.replaceAll("actionReply('SUCCESSFUL'", "actionReply('FAILED'"));
  await dev.next(ofType('cold'));
  expect(await send()).toMatchObject({ codeTakenForSent: false });
});

it('in a clone the texts follow its own templates', async () => {
  const dev = startDevOf(clone, clone);
  await placesOf(dev);
  const file = { locale: 'en', reviewed: true, sms: { text: '{{otp}} of the clone' }, voice: null };
  await writeFile(join(clone, 'templates', 'en.json'), JSON.stringify(file));
  await dev.next(({ catalog }) => isObject(catalog) && catalog['version'] === 2);
});
