import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCatalogTable } from '../../src/aws/catalog-table.ts';
import { publishCatalog } from '../../src/aws/publish-catalog.ts';
import type { CatalogPointer, CatalogTable } from '../../src/core/catalog-cache.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { catalogTable } from '../../src/local/tables.ts';
import { startTables } from '../support/fake-aws-tables.ts';
import type { WrittenCatalog, WrittenTemplate } from '../support/fake-catalog.ts';
import { catalogFiles, createCatalog } from '../support/fake-catalog.ts';
import { createFakeCatalogTable } from '../support/fake-catalog-table.ts';

interface Subject {
  readonly table: CatalogTable;
  publish(parts: Partial<WrittenCatalog>): Promise<CatalogPointer>;
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

async function createFake(): Promise<Subject> {
  const table = createFakeCatalogTable(systemClock);
  return {
    table,
    publish: async (parts) => table.publish(createCatalog(parts)),
    disconnect: async () => {
      table.pointers.always({ fails: true });
      table.loads.always({ fails: true });
    },
    close: async () => {},
  };
}

async function createReal(): Promise<Subject> {
  const { client, close } = await startTables();
  let against: CatalogPointer | undefined;
  return {
    table: createCatalogTable(client, catalogTable),
    async publish(parts) {
      against = await publishCatalog(client, catalogTable, {
        files: catalogFiles(parts),
        author: 'test',
        now: systemClock.now(),
        id: randomUUID(),
        against,
      });
      return against;
    },
    disconnect: close,
    close,
  };
}

const never = () => new AbortController().signal;
const first = { settings: { org: 'First' } };
const second = { settings: { org: 'Second', enabled: false } };

describe.each([
  { name: 'the fake', create: createFake },
  { name: 'DynamoDB', create: createReal },
])('a catalog table in $name', ({ create }) => {
  let subject: Subject;

  beforeEach(async () => {
    subject = await create();
  });

  afterEach(async () => {
    await subject.close();
  });

  it('has no active version at first', async () => {
    expect(await subject.table.pointer(never())).toBeUndefined();
  });

  it('names the active version', async () => {
    const published = await subject.publish(first);
    expect(await subject.table.pointer(never())).toEqual(published);
    expect(published).toMatchObject({ number: 1, count: catalogFiles(first).length });
  });

  it('gives the whole of a version', async () => {
    const loaded = await subject.table.load(await subject.publish(first), never());
    const { templates, ...rest } = createCatalog(first);
    expect(loaded).toMatchObject(rest);
    expect(loaded.templates).toHaveLength(templates.length);
    expect(loaded.templates).toEqual(expect.arrayContaining([...templates]));
  });

  it('gives a version of more files than one write holds', async () => {
    const languages = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `en-sample${letter}`);
    const templates = languages.flatMap((locale): WrittenTemplate[] => [
      { locale, channel: 'sms', text: '{{otp}}' },
      { locale, channel: 'voice', voiceId: 'JOANNA', ssml: '<speak>{{otp}}</speak>' },
    ]);
    const loaded = await subject.table.load(await subject.publish({ templates }), never());
    expect(new Set(loaded.templates.map(({ locale }) => locale))).toEqual(new Set(languages));
    expect(loaded.templates).toHaveLength(52);
  });

  it('goes on to the next version, and still has the one before', async () => {
    const old = await subject.publish(first);
    const active = await subject.publish(second);
    expect(active.number).toBe(2);
    expect(await subject.table.pointer(never())).toEqual(active);
    expect((await subject.table.load(active, never())).settings).toMatchObject({ org: 'Second', enabled: false });
    expect((await subject.table.load(old, never())).settings.org).toBe('First');
  });

  it('rejects for a version that is not there', async () => {
    const pointer = await subject.publish(first);
    await expect(subject.table.load({ ...pointer, id: 'none' }, never())).rejects.toThrow();
  });

  it('rejects when it cannot be reached', async () => {
    const pointer = await subject.publish(first);
    await subject.disconnect();
    await expect(subject.table.pointer(never())).rejects.toThrow();
    await expect(subject.table.load(pointer, never())).rejects.toThrow();
  });

  it('rejects when its signal is aborted', async () => {
    const pointer = await subject.publish(first);
    await expect(subject.table.pointer(AbortSignal.abort())).rejects.toThrow();
    await expect(subject.table.load(pointer, AbortSignal.abort())).rejects.toThrow();
  });
});
