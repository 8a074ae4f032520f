import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActiveVersion } from '../../src/aws/catalog-history.ts';
import { keptOf, keptVersions, listVersions, pruneVersions, readActive } from '../../src/aws/catalog-history.ts';
import { createCatalogTable, readVersion } from '../../src/aws/catalog-table.ts';
import { createDynamoDb } from '../../src/aws/dynamodb.ts';
import { activateVersion, PublishConflictError, publishCatalog } from '../../src/aws/publish-catalog.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import { systemClock } from '../../src/handlers/system-clock.ts';
import { catalogTable } from '../../src/local/tables.ts';
import { createHttp } from '../../src/net/http.ts';
import type { RunningTables } from '../support/fake-aws-tables.ts';
import { localAccess, startTables } from '../support/fake-aws-tables.ts';
import { catalogFiles } from '../support/fake-catalog.ts';

let tables: RunningTables;
let client: DynamoDBClient;

beforeEach(async () => {
  tables = await startTables();
  client = tables.client;
});

afterEach(async () => {
  await tables.close();
});

const of = (org: string) => catalogFiles({ settings: { org } });
const filler = (count: number): readonly CatalogFile[] =>
  Array.from({ length: count }, (_, index) => ({ path: `templates/x-${index}.json`, text: String(index) }));

async function active(): Promise<ActiveVersion> {
  const found = await readActive(client, catalogTable);
  if (found === undefined) throw new Error('nothing is active');
  return found;
}

const publish = async (files: readonly CatalogFile[], options: { author?: string; using?: DynamoDBClient } = {}) =>
  publishCatalog(options.using ?? client, catalogTable, {
    files,
    author: options.author ?? 'test',
    now: 1_000,
    id: randomUUID(),
    against: await readActive(client, catalogTable),
  });

const rollBack = async (number: number) => {
  const against = await active();
  const version = (await listVersions(client, catalogTable)).find((found) => found.number === number);
  if (version === undefined) throw new Error('no such version');
  await activateVersion(client, catalogTable, { version, against, by: 'test', now: 2_000 });
};

/** The partitions of the table, each with how many items it has. */
async function partitions() {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: catalogTable }));
  const keys = Items.map((item) => item['pk']?.S ?? '');
  return Object.fromEntries([...new Set(keys)].map((key) => [key, keys.filter((other) => other === key).length]));
}

const org = async () => {
  const table = createCatalogTable(client, catalogTable);
  const pointer = await table.pointer(new AbortController().signal);
  return pointer && (await table.load(pointer, new AbortController().signal)).settings.org;
};

/** A client that is cut off after so many writes. */
function failingAfter(writes: number): DynamoDBClient {
  const failing = createDynamoDb(localAccess, createHttp(systemClock.now), tables.url);
  let left = writes;
  failing.middlewareStack.add(
    (next, context) => async (args) => {
      if (/^(Put|BatchWrite|Delete|Update)/.test(context.commandName ?? '')) {
        if (left === 0) throw new Error('cut off');
        left -= 1;
      }
      return await next(args);
    },
    { step: 'initialize' },
  );
  return failing;
}

describe('two who publish at once', () => {
  it('do not mix: one wins, the other is told by whom, and nothing of its own stays', async () => {
    await publish(of('First'));
    for (let round = 0; round < 25; round += 1) {
      const before = await active();
      const names = ['Ann', 'Bob', 'Eve'];
      const settled = await Promise.allSettled(
        names.map((author) =>
          publishCatalog(client, catalogTable, {
            files: [...of(author), ...filler(round % 2 === 0 ? 0 : 30)],
            author,
            now: 1_000,
            id: `${author}-${round}`,
            against: before,
          }),
        ),
      );
      const won = names.filter((_, index) => settled[index]?.status === 'fulfilled');
      expect(won).toHaveLength(1);
      const now = await active();
      expect(now).toMatchObject({ author: won[0], id: `${won[0]}-${round}`, revision: before.revision + 1 });
      for (const result of settled) {
        if (result.status === 'fulfilled') continue;
        expect(result.reason).toBeInstanceOf(PublishConflictError);
        expect(result.reason.active).toEqual(now);
      }
      const files = await readVersion(client, catalogTable, now, new AbortController().signal);
      expect(files.find(({ path }) => path === 'settings.json')?.text).toContain(won[0]);
      const numbers = (await listVersions(client, catalogTable)).map(({ number }) => number);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(Object.keys(await partitions())).toHaveLength(numbers.length + 1);
    }
  });

  it('are told apart also where nothing was published yet', async () => {
    const push = (author: string) =>
      publishCatalog(client, catalogTable, { files: of(author), author, now: 1, id: author, against: undefined });
    const settled = await Promise.allSettled([push('Ann'), push('Bob')]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(Object.keys(await partitions())).toHaveLength(2);
    expect(await org()).toBe((await active()).author);
  });

  it('are told apart also when the version that both saw is active again by a rollback', async () => {
    await publish(of('First'));
    await publish(of('Second'));
    await rollBack(1);
    const seen = await active();
    await rollBack(2);
    await rollBack(1);
    const [, second] = [...(await listVersions(client, catalogTable))].reverse();
    if (second === undefined) throw new Error('no second version');
    const late = activateVersion(client, catalogTable, { version: second, against: seen, by: 'late', now: 3_000 });
    await expect(late).rejects.toThrow(PublishConflictError);
    expect(await org()).toBe('First');
  });
});

describe('a push that is interrupted', () => {
  const files = [...of('Interrupted'), ...filler(50)];
  // The manifest, three batches, the mark on the version before, the pointer.
  const writes = 6;

  it.each([0, 1, 2, 3, 4, 5])('after %d writes leaves the active version, and the next one cleans up', async (done) => {
    await publish(of('First'));
    const before = await active();
    await expect(publish(files, { using: failingAfter(done) })).rejects.toThrow('cut off');
    expect(await active()).toEqual(before);
    expect(await org()).toBe('First');

    const next = await publish(of('Next'));
    expect(next.number).toBe(done === 0 ? 2 : 3);
    expect(await pruneVersions(client, catalogTable)).toBe(done === 0 ? 0 : 1);
    expect(await org()).toBe('Next');
    expect(await partitions()).toEqual({ catalog: 3, [`version#${before.id}`]: 5, [`version#${next.id}`]: 5 });
  });

  it('is done after its last write', async () => {
    await publish(of('First'));
    await publish(files, { using: failingAfter(writes) });
    expect((await active()).number).toBe(2);
  });

  it('is cleaned up after also when it was the very first', async () => {
    await expect(publish(files, { using: failingAfter(2) })).rejects.toThrow('cut off');
    expect(await readActive(client, catalogTable)).toBeUndefined();
    expect(await pruneVersions(client, catalogTable)).toBe(0);
    const next = await publish(of('Next'));
    await pruneVersions(client, catalogTable);
    expect(await partitions()).toEqual({ catalog: 2, [`version#${next.id}`]: 5 });
  });

  it('is left alone by the cleaning as long as it may still become active', async () => {
    await publish(of('First'));
    await expect(publish(files, { using: failingAfter(2) })).rejects.toThrow('cut off');
    expect(await pruneVersions(client, catalogTable)).toBe(0);
    expect(Object.keys(await partitions())).toHaveLength(3);
  });

  it('with its answer lost is no conflict: the write that is repeated finds its own', async () => {
    await publish(of('First'));
    const repeating = createDynamoDb(localAccess, createHttp(systemClock.now), tables.url);
    repeating.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'PutItemCommand') {
          await next({ ...args });
        }
        return await next(args);
      },
      { step: 'initialize' },
    );
    const published = await publish(of('Repeated'), { using: repeating });
    expect(await active()).toMatchObject({ id: published.id, number: 2 });
    expect((await listVersions(client, catalogTable)).map(({ number }) => number)).toEqual([2, 1]);
    expect(await org()).toBe('Repeated');
  });
});

describe('going back', () => {
  it('makes the earlier version active, and a push after it takes a number of its own', async () => {
    await publish(of('First'));
    await publish(of('Second'));
    await publish(of('Third'));
    await rollBack(1);
    expect(await org()).toBe('First');
    expect(await active()).toMatchObject({ number: 1, revision: 4, by: 'test', since: 2_000, at: 1_000 });
    expect((await publish(of('Fourth'))).number).toBe(4);
    expect(await org()).toBe('Fourth');
    await rollBack(3);
    expect(await org()).toBe('Third');
  });

  it('is possible for the last twenty versions, and the active one is never deleted', async () => {
    for (let count = 0; count < keptVersions + 3; count += 1) await publish(of(`Number ${count + 1}`));
    await rollBack(1);
    expect(await pruneVersions(client, catalogTable)).toBe(2);
    const numbers = keptOf(await listVersions(client, catalogTable), await active()).map(({ number }) => number);
    expect(numbers).toEqual([...Array.from({ length: 20 }, (_, index) => 23 - index), 1]);
    expect(await org()).toBe('Number 1');
    expect(await pruneVersions(client, catalogTable)).toBe(0);
    expect(Object.keys(await partitions())).toHaveLength(22);
  });
});

describe('a file that is larger than an item may be', () => {
  it('is refused by its path before anything is written', async () => {
    const large = { path: 'templates/xx.json', text: 'é'.repeat(204_800) };
    await expect(publish([...of('First'), large])).rejects.toThrow('templates/xx.json');
    expect(await partitions()).toEqual({});
  });

  it('is not one that just fits', async () => {
    const overhead = 'pkskbody'.length + 'version#'.length + randomUUID().length + 'a.json'.length;
    const fits = { path: 'a.json', text: 'x'.repeat(400 * 1024 - overhead) };
    expect((await publish([fits])).count).toBe(1);
    await expect(publish([{ ...fits, text: `${fits.text}x` }])).rejects.toThrow('a.json');
  });
});
