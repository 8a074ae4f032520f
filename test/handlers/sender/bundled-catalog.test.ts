import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBundledCatalog } from '../../../src/handlers/sender/bundled-catalog.ts';
import { catalogFiles } from '../../support/fake-catalog.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'okta-otp-bundle-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (text: string) => writeFileSync(join(folder, 'catalog.json'), text);

it('reads the catalog beside the bundle', () => {
  write(JSON.stringify({ files: catalogFiles({ settings: { org: 'Bundled' } }) }));
  expect(readBundledCatalog(folder)?.settings.org).toBe('Bundled');
});

it('reads none where there is none', () => {
  expect(readBundledCatalog(folder)).toBeUndefined();
});

it.each([
  '{',
  '[]',
  '{}',
  '{"files":[{"path":"settings.json"}]}',
  '{"files":[{"path":"settings.json","text":"{"}]}',
  '{"files":[{"path":"catalog.json","text":"{}"}]}',
])('reads none that is %s', (text) => {
  write(text);
  expect(readBundledCatalog(folder)).toBeUndefined();
});
