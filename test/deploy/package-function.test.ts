import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFunction } from '../../src/deploy/package-function.ts';
import { readBundledCatalog } from '../../src/handlers/sender/bundled-catalog.ts';
import { catalogFiles } from '../support/fake-catalog.ts';

const bundle = 'exports.handler = async () => "ünï";\n'.repeat(500);
const catalog = catalogFiles();
const folder = mkdtempSync(join(tmpdir(), 'package-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Begins an entry of a zip's central directory. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.12 */
const centralEntry = Buffer.from([0x50, 0x4b, 1, 2]);

const sender = () => packageFunction({ name: 'sender', bundle, catalog });

describe('the package of a function', () => {
  it('holds the bundle alone, or the catalog beside it', () => {
    const authorizer = unzipSync(packageFunction({ name: 'authorizer', bundle }).zip);
    expect(Object.keys(authorizer)).toEqual(['index.cjs']);
    expect(Object.keys(unzipSync(sender().zip))).toEqual(['catalog.json', 'index.cjs']);
    expect(strFromU8(unzipSync(sender().zip)['index.cjs'] ?? new Uint8Array())).toBe(bundle);
  });

  it('holds the catalog as the sender reads it', () => {
    writeFileSync(join(folder, 'catalog.json'), unzipSync(sender().zip)['catalog.json'] ?? '');
    expect(readBundledCatalog(folder)?.templates.length).toBeGreaterThan(0);
  });

  it('is named after its contents', () => {
    const { zip, sha256, key } = sender();
    expect(sha256).toBe(createHash('sha256').update(zip).digest('hex'));
    expect(key).toBe(`sender/${sha256}.zip`);
  });

  it('is the same for the same source, whatever order the files come in', () => {
    const again = packageFunction({
      name: 'sender',
      bundle: Buffer.from(bundle),
      catalog: catalog.toReversed(),
    });
    expect(again).toEqual(sender());
  });

  it('is another one for another bundle or catalog', () => {
    const others = [
      packageFunction({ name: 'sender', bundle: `${bundle} `, catalog }),
      packageFunction({ name: 'sender', bundle, catalog: catalog.slice(1) }),
      packageFunction({ name: 'sender', bundle }),
    ];
    expect(new Set([sender(), ...others].map(({ sha256 }) => sha256)).size).toBe(4);
  });

  it('lets every user read its files, as the function runs as another than unpacks them', () => {
    const place = join(folder, 'sender.zip');
    writeFileSync(place, sender().zip);
    // Of the central directory: made by Unix, and a regular file's rw-r--r-- in the upper half of the attributes.
    const zip = Buffer.from(sender().zip);
    const entries = [zip.indexOf(centralEntry), zip.lastIndexOf(centralEntry)].map((index) => ({
      madeBy: zip[index + 5],
      mode: zip.readUInt32LE(index + 38) >>> 16,
      date: zip.readUInt16LE(index + 14),
      time: zip.readUInt16LE(index + 12),
    }));
    const file = { madeBy: 3, mode: 0o100644, date: (1 << 5) | 1, time: 0 };
    expect(entries).toEqual([file, file]);
  });

  it.each(['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kathmandu'])(
    'is the same when it is made by another process in the zone %s',
    (TZ) => {
      const script = `
        import { packageFunction } from ${JSON.stringify(new URL('../../src/deploy/package-function.ts', import.meta.url).href)};
        let text = '';
        for await (const chunk of process.stdin) text += chunk;
        process.stdout.write(packageFunction(JSON.parse(text)).key);`;
      const key = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        input: JSON.stringify({ name: 'sender', bundle, catalog }),
        env: { ...process.env, TZ },
        encoding: 'utf8',
      });
      expect(key).toBe(sender().key);
    },
  );
});
