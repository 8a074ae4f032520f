import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import {
  BucketAlreadyExists,
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NoSuchKey,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../src/local/object-store.ts';
import { createObjectStore } from '../../src/local/object-store.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';

const Bucket = 'okta-otp-artifacts';
let store: ObjectStore;
let running: RunningServer;
let client: S3Client;

async function start(region: string) {
  store = createObjectStore({
    now: () => Date.UTC(2026, 0, 15, 12),
    region,
    buckets: [
      { name: 'taken', owner: '111122223333', region },
      { name: 'elsewhere', owner: '000000000000', region: 'eu-west-1' },
    ],
  });
  running = await serve(store.serve);
  client = new S3Client({
    region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    endpoint: running.url,
  });
}

async function stop() {
  client.destroy();
  await running.close();
}

beforeEach(() => start('us-east-1'));
afterEach(stop);

const create = (name = Bucket, LocationConstraint?: BucketLocationConstraint) =>
  client.send(
    new CreateBucketCommand({
      Bucket: name,
      ...(LocationConstraint ? { CreateBucketConfiguration: { LocationConstraint } } : {}),
    }),
  );
const put = (Key: string, Body: string | Buffer, options = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...options }));
const read = async (Key: string, VersionId?: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
const version = () =>
  client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));

describe('a bucket', () => {
  it('is made in us-east-1 without naming it, again and again', async () => {
    await create();
    await put('kept', 'x');
    await create();
    expect(await read('kept')).toBe('x');
    await expect(create('second', 'us-east-1' as BucketLocationConstraint)).rejects.toMatchObject({
      name: 'InvalidLocationConstraint',
    });
    await expect(create('second', 'eu-central-1')).rejects.toMatchObject({
      name: 'IllegalLocationConstraintException',
    });
  });

  it('is made once in any other Region, which has to be named', async () => {
    await stop();
    await start('eu-central-1');
    // The client names its Region by itself; another one is refused.
    await expect(create(Bucket, 'eu-west-1')).rejects.toMatchObject({ name: 'IllegalLocationConstraintException' });
    await create(Bucket, 'eu-central-1');
    await expect(create(Bucket, 'eu-central-1')).rejects.toBeInstanceOf(BucketAlreadyOwnedByYou);
  });

  it("cannot have somebody else's name, or one that is no name", async () => {
    await expect(create('taken')).rejects.toBeInstanceOf(BucketAlreadyExists);
    await expect(create('Upper_Case')).rejects.toMatchObject({ name: 'InvalidBucketName' });
    await expect(create('192.168.5.4')).rejects.toMatchObject({ name: 'InvalidBucketName' });
  });

  it('is found by who owns it', async () => {
    await create();
    const head = (name: string, ExpectedBucketOwner?: string) =>
      client.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner }));
    expect((await head(Bucket, '000000000000')).BucketRegion).toBe('us-east-1');
    await expect(head(Bucket, '111122223333')).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(head('taken')).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(head('missing')).rejects.toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
    await expect(head('elsewhere')).rejects.toMatchObject({ $metadata: { httpStatusCode: 301 } });
  });

  it('is encrypted and private from the start, and keeps what it is told', async () => {
    await create();
    const encryption = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(
      encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    ).toBe('AES256');
    const access = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(access.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    await expect(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchLifecycleConfiguration',
    });
    await expect(client.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchBucketPolicy',
    });
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();

    const SSEAlgorithm = 'aws:kms';
    await client.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }] },
      }),
    );
    await client.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    );
    const rule = {
      ID: 'old',
      Status: 'Enabled' as const,
      Filter: { Prefix: '' },
      NoncurrentVersionExpiration: { NoncurrentDays: 90 },
    };
    await client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }),
    );
    await client.send(
      new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'made-by', Value: 'okta-otp' }] } }),
    );
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{"Statement":[]}' }));
    await version();
    const changed = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(
      changed.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    ).toBe(SSEAlgorithm);
    expect((await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual([rule]);
    expect((await client.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe('{"Statement":[]}');
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    expect(store.bucket(Bucket)?.documents.get('tagging')).toContain('<Value>okta-otp</Value>');
    await expect(client.send(new PutBucketPolicyCommand({ Bucket, Policy: 'no' }))).rejects.toMatchObject({
      name: 'MalformedPolicy',
    });
  });

  it('is deleted when there is nothing in it, old versions and markers included', async () => {
    await create();
    await version();
    const { VersionId } = await put('a', '1');
    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    expect(marker.DeleteMarker).toBe(true);
    const remove = () => client.send(new DeleteBucketCommand({ Bucket }));
    await expect(remove()).rejects.toMatchObject({ name: 'BucketNotEmpty', $metadata: { httpStatusCode: 409 } });
    await client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: {
          Objects: [
            { Key: 'a', VersionId },
            { Key: 'a', VersionId: marker.VersionId },
          ],
        },
      }),
    );
    await remove();
    await expect(put('a', '1')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('an object', () => {
  beforeEach(() => create());

  it('comes back as it was put, with its checksum and type', async () => {
    const body = Buffer.from([0, 1, 2, 255]);
    await put('functions/a b+ü.zip', body, {
      ContentType: 'application/zip',
      ChecksumAlgorithm: 'SHA256',
      Metadata: { hash: 'abc' },
    });
    const found = await client.send(
      new GetObjectCommand({ Bucket, Key: 'functions/a b+ü.zip', ChecksumMode: 'ENABLED' }),
    );
    expect(Buffer.from((await found.Body?.transformToByteArray()) ?? [])).toEqual(body);
    expect(found).toMatchObject({ ContentType: 'application/zip', Metadata: { hash: 'abc' } });
    const head = await client.send(
      new HeadObjectCommand({ Bucket, Key: 'functions/a b+ü.zip', ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({ ContentLength: 4, ChecksumSHA256: found.ChecksumSHA256 });
    expect(store.read(Bucket, 'functions/a b+ü.zip')).toEqual(body);
  });

  it('is refused when its checksum is another', async () => {
    await expect(
      put('a', 'text', { ChecksumSHA256: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' }),
    ).rejects.toMatchObject({ name: 'BadDigest' });
    expect(store.read(Bucket, 'a')).toBeUndefined();
  });

  it('is put only once on condition', async () => {
    await put('a', 'first', { IfNoneMatch: '*' });
    await expect(put('a', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await read('a')).toBe('first');
  });

  it('is not found when it is not there', async () => {
    await expect(read('missing')).rejects.toBeInstanceOf(NoSuchKey);
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'missing' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'missing' }));
  });

  it('replaces the one before, unless there are versions', async () => {
    await put('a', '1');
    await put('a', '2');
    expect(store.bucket(Bucket)?.versions).toHaveLength(1);
    await version();
    const third = await put('a', '3');
    const fourth = await put('a', '4');
    expect(third.VersionId).not.toBe(fourth.VersionId);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await expect(read('a')).rejects.toBeInstanceOf(NoSuchKey);
    expect(await read('a', third.VersionId)).toBe('3');
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions.map(({ VersionId }) => VersionId)).toEqual([fourth.VersionId, third.VersionId, 'null']);
    expect(DeleteMarkers).toMatchObject([{ Key: 'a', IsLatest: true }]);
  });

  it('is listed by prefix, in pages', async () => {
    for (const key of ['functions/b', 'functions/a', 'templates/x', 'functions/c']) await put(key, key);
    const first = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'functions/', MaxKeys: 2 }));
    expect(first.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([
      ['functions/a', 11],
      ['functions/b', 11],
    ]);
    expect(first.IsTruncated).toBe(true);
    const ContinuationToken = first.NextContinuationToken;
    const second = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'functions/', ContinuationToken }));
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['functions/c']);
  });

  it('lists versions page by page until there are none', async () => {
    await version();
    for (const body of ['1', '2', '3']) await put('a', body);
    const first = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2 }));
    const second = await client.send(
      new ListObjectVersionsCommand({
        Bucket,
        KeyMarker: first.NextKeyMarker,
        VersionIdMarker: first.NextVersionIdMarker,
      }),
    );
    expect([first.Versions?.length, second.Versions?.length, second.IsTruncated]).toEqual([2, 1, false]);
  });
});

describe('the object store', () => {
  it('logs what could have changed something', async () => {
    await create();
    await put('a', '1');
    await read('a');
    await expect(read('b')).rejects.toBeInstanceOf(NoSuchKey);
    expect(store.log.mutating()).toEqual(['s3:CreateBucket', 's3:PutObject']);
    expect(store.log.calls().map(({ operation, refusal }) => [operation, refusal])).toEqual([
      ['CreateBucket', undefined],
      ['PutObject', undefined],
      ['GetObject', undefined],
      ['GetObject', 'NoSuchKey'],
    ]);
  });

  it('fails as it is told', async () => {
    await create();
    for (const [kind, name] of [
      ['throttled', 'SlowDown'],
      ['expired', 'ExpiredToken'],
      ['denied', 'AccessDenied'],
    ] as const) {
      store.failCalls({ kind, operation: 'PutObject' });
      await expect(put('a', '1')).rejects.toMatchObject({ name });
    }
    store.failCalls({ kind: 'lost' });
    await expect(put('a', '1')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await read('a')).toBe('1');
    store.setFault({ kind: 'outage' });
    await expect(read('a')).rejects.toMatchObject({ name: 'InternalError' });
    store.clearFaults();
    expect(await read('a')).toBe('1');
  });

  it('refuses what it does not emulate, and what is not signed for it', async () => {
    await create();
    const unsigned = await fetch(`${running.url}/${Bucket}`, { method: 'PUT' });
    expect([unsigned.status, await unsigned.text()]).toEqual([403, expect.stringContaining('AccessDenied')]);
    const website = new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: 'x' } } });
    await expect(client.send(website)).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});
