import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Artifacts } from '../../src/aws/artifacts.ts';
import type { BucketOptions } from '../../src/deploy/artifact-bucket.ts';
import { defaultBucket, handOver, templateArtifact } from '../../src/deploy/artifact-bucket.ts';

const own: BucketOptions = { region: 'eu-west-1', partition: 'aws', isOwn: true };
const operators: BucketOptions = { ...own, isOwn: false };
const artifact = (key: string) => ({ key, bytes: new TextEncoder().encode(key) });
const uploadOf = (key: string) => ({ key, version: `version of ${key}` });
const never = new AbortController().signal;

/** A bucket with what is in it; undefined where there is none. */
function bucketWith(content: readonly string[] | undefined, before: (call: string) => void = () => {}) {
  const calls: string[] = [];
  let keys = content === undefined ? undefined : new Set(content);
  const call = (name: string, signal: AbortSignal) => {
    signal.throwIfAborted();
    before(name);
    calls.push(name);
  };
  const opened = () => {
    if (keys === undefined) throw new Error('there is no bucket');
    return keys;
  };
  const artifacts: Artifacts = {
    async bucketExists(signal) {
      call('exists', signal);
      return keys !== undefined;
    },
    async createBucket(region, signal) {
      call(`create in ${region}`, signal);
      keys ??= new Set();
    },
    async secureBucket(partition, signal) {
      call(`secure in ${partition}`, signal);
      opened();
    },
    async has(key, signal) {
      call(`has ${key}`, signal);
      return opened().has(key);
    },
    async put(key, body, signal) {
      call(`put ${key}`, signal);
      expect(new TextDecoder().decode(body)).toBe(key);
      opened().add(key);
      return `version of ${key}`;
    },
    remove: () => Promise.reject(new Error('nothing is removed here')),
    close() {},
  };
  return { artifacts, calls, keys: () => [...(keys ?? [])].sort() };
}

const give = (
  { artifacts }: Pick<ReturnType<typeof bucketWith>, 'artifacts'>,
  keys: readonly string[],
  { bucket = own, signal = never }: { readonly bucket?: BucketOptions; readonly signal?: AbortSignal } = {},
) => handOver(artifacts, { wanted: keys.map(artifact), bucket }, signal);

describe('what is handed over', () => {
  it('is uploaded where it is not there yet', async () => {
    const bucket = bucketWith(['a']);
    await expect(give(bucket, ['a', 'b'])).resolves.toEqual({ madeBucket: false, uploaded: [uploadOf('b')] });
    expect(bucket.calls).toEqual(['exists', 'has a', 'has b', 'secure in aws', 'put b']);
  });

  it('changes nothing where all of it is there', async () => {
    const bucket = bucketWith(['a', 'b']);
    await expect(give(bucket, ['a', 'b'])).resolves.toEqual({ madeBucket: false, uploaded: [] });
    expect(bucket.calls).toEqual(['exists', 'has a', 'has b']);
  });

  it.each([
    ["this program's own", own],
    ["an operator's", operators],
  ])(
    'goes into a bucket that is made when it is missing, and closed before anything is in it: %s',
    async (_, options) => {
      const bucket = bucketWith(undefined);
      await expect(give(bucket, ['a'], { bucket: options })).resolves.toEqual({
        madeBucket: true,
        uploaded: [uploadOf('a')],
      });
      expect(bucket.calls).toEqual(['exists', 'create in eu-west-1', 'secure in aws', 'put a']);
    },
  );

  it("leaves the settings of an operator's bucket as they are", async () => {
    const bucket = bucketWith([]);
    await give(bucket, ['a'], { bucket: operators });
    expect(bucket.calls).toEqual(['exists', 'has a', 'put a']);
  });

  it('is taken up where an earlier time was interrupted, bucket and all', async () => {
    for (const at of ['create in eu-west-1', 'secure in aws', 'put a', 'put b']) {
      const stop = new AbortController();
      const bucket = bucketWith(undefined, (call) => {
        if (call !== at) return;
        stop.abort(new Error('stopped'));
        stop.signal.throwIfAborted();
      });
      await expect(give(bucket, ['a', 'b'], { signal: stop.signal })).rejects.toThrow('stopped');
      const again = bucketWith(at.startsWith('create') ? undefined : bucket.keys());
      await give(again, ['a', 'b']);
      expect(again.keys()).toEqual(['a', 'b']);
      expect(again.calls.indexOf('secure in aws')).toBeLessThan(
        again.calls.findIndex((call) => call.startsWith('put')),
      );
      expect(again.calls).toContain('secure in aws');
    }
  });

  it('is there afterwards, and again is nothing to do, whatever was there', async () => {
    const some = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    await fc.assert(
      fc.asyncProperty(fc.option(some, { nil: undefined }), some, fc.boolean(), async (there, wanted, isOwn) => {
        const bucket = bucketWith(there);
        const options = { bucket: { ...own, isOwn } };
        const { uploaded } = await give(bucket, wanted, options);
        expect(uploaded).toEqual(wanted.filter((key) => there?.includes(key) !== true).map(uploadOf));
        expect(bucket.keys()).toEqual([...new Set([...(there ?? []), ...wanted])].sort());
        await expect(give(bucket, wanted, options)).resolves.toEqual({ madeBucket: false, uploaded: [] });
      }),
    );
  });
});

describe('names', () => {
  it('tell the account and the Region of a bucket', () => {
    expect(defaultBucket({ namePrefix: 'acme' }, '111122223333', 'eu-west-1')).toBe('acme-111122223333-eu-west-1');
  });

  it('tell what a template holds', () => {
    const text = 'Description: schön\n';
    const { key, bytes } = templateArtifact({ artifactPrefix: undefined }, text);
    expect(new TextDecoder().decode(bytes)).toBe(text);
    expect(key).toBe(`templates/${createHash('sha256').update(text).digest('hex')}.yaml`);
    expect(templateArtifact({ artifactPrefix: undefined }, `${text} `).key).not.toBe(key);
  });
});
