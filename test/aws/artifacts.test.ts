import { describe, expect, it } from 'vitest';
import type { ArtifactsOptions } from '../../src/aws/artifacts.ts';
import { createArtifacts } from '../../src/aws/artifacts.ts';
import { defaultBucket, handOver } from '../../src/deploy/artifact-bucket.ts';
import type { LocalAwsOptions } from '../../src/local/aws.ts';
import { useOperatorAws } from '../support/operator-aws.ts';

const start = useOperatorAws();
const [region, owner] = ['eu-west-1', '111122223333'];
const bucket = defaultBucket({ namePrefix: 'okta-otp' }, owner, region);
const never = new AbortController().signal;
const bytes = new TextEncoder().encode('zip');

async function open(options: Partial<LocalAwsOptions> = {}, more: Partial<ArtifactsOptions> = {}) {
  const world = await start({ region, accountId: owner, ...options });
  const artifacts = world.opened(createArtifacts({ ...world.access, bucket, owner, ...more }));
  return { ...world, artifacts, log: world.aws.log, stored: () => world.aws.objectStore.bucket(bucket) };
}

const foreign = { code: 'bucket-foreign', exitCode: 4, hint: 'name another one as artifactBucket in okta-otp.json' };
const ours = { name: bucket, owner, region };

describe('the artifact bucket', () => {
  it.each(['eu-west-1', 'us-east-1'])('is made where it is missing, in the Region that is meant: %s', async (at) => {
    const { artifacts, stored } = await open({ region: at });
    await expect(artifacts.bucketExists(never)).resolves.toBe(false);
    await artifacts.createBucket(at, never);
    await expect(artifacts.bucketExists(never)).resolves.toBe(true);
    expect(stored()).toMatchObject({ owner, region: at });
  });

  it('is made once, whoever else makes it at the same time', async () => {
    const { artifacts } = await open({ buckets: [ours] });
    await expect(artifacts.createBucket(region, never)).resolves.toBeUndefined();
    const lost = await open();
    lost.aws.objectStore.failCalls({ operation: 'CreateBucket', kind: 'lost' });
    await expect(lost.artifacts.createBucket(region, never)).resolves.toBeUndefined();
    expect(lost.log.calls().map(({ refusal }) => refusal)).toEqual([undefined, 'BucketAlreadyOwnedByYou']);
  });

  it('is closed: encrypted, private, by TLS only, with versions that go after a while', async () => {
    const { artifacts, stored } = await open({ buckets: [ours] });
    await artifacts.secureBucket('aws', never);
    const documents = stored()?.documents;
    expect(stored()?.versioning).toBe('Enabled');
    expect(documents?.get('encryption')).toContain('<SSEAlgorithm>AES256</SSEAlgorithm>');
    for (const setting of ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets']) {
      expect(documents?.get('publicAccessBlock')).toContain(`<${setting}>true</${setting}>`);
    }
    const lifecycle = documents?.get('lifecycle');
    expect(lifecycle).toContain('<NoncurrentDays>90</NoncurrentDays>');
    expect(lifecycle).toContain('<Status>Enabled</Status>');
    // A stack that rolls back needs the code that it had.
    expect(lifecycle).not.toContain('<Expiration>');
    expect(JSON.parse(documents?.get('policy') ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });

  it('is named by the partition that it is in', async () => {
    const { artifacts, stored } = await open({ buckets: [ours] });
    await artifacts.secureBucket('aws-cn', never);
    expect(stored()?.documents.get('policy')).toContain(`"arn:aws-cn:s3:::${bucket}/*"`);
  });

  it.each<[string, Partial<LocalAwsOptions>]>([
    ["is somebody else's", { buckets: [{ ...ours, owner: '999999999999' }] }],
    ['is in another Region', { buckets: [{ ...ours, region: 'eu-central-1' }] }],
  ])('that %s is refused, and nothing is put into it', async (_, options) => {
    const { artifacts, log } = await open(options);
    const { signal } = new AbortController();
    const wanted = [{ key: 'sender/x.zip', bytes }];
    await expect(
      handOver(artifacts, { wanted, bucket: { region, partition: 'aws', isOwn: true } }, signal),
    ).rejects.toMatchObject(foreign);
    await expect(artifacts.has('sender/x.zip', never)).rejects.toMatchObject(foreign);
    expect(log.mutating()).toEqual([]);
  });

  it("whose name is somebody else's by now cannot be made", async () => {
    const { artifacts } = await open({ buckets: [{ ...ours, owner: '999999999999' }] });
    await expect(artifacts.createBucket(region, never)).rejects.toMatchObject(foreign);
  });

  it('of another account than is meant is refused, also by credentials that could use it', async () => {
    const { artifacts } = await open({ buckets: [ours] }, { owner: '999999999999' });
    await expect(artifacts.bucketExists(never)).rejects.toMatchObject(foreign);
    await expect(artifacts.put('x', bytes, never)).rejects.toMatchObject({ code: 'access-denied', exitCode: 4 });
  });

  it('that may not be made says which permission is missing', async () => {
    const { artifacts, aws } = await open();
    aws.objectStore.failCalls({ operation: 'CreateBucket', kind: 'denied' });
    await expect(artifacts.createBucket(region, never)).rejects.toMatchObject({
      code: 'access-denied',
      message: 'these credentials may not use the artifact bucket',
      hint: 'they need s3:CreateBucket',
    });
  });
});

describe('an artifact', () => {
  it('is there once it was put, and gone once it was removed', async () => {
    const { artifacts, aws } = await open({ buckets: [ours] });
    await expect(artifacts.has('sender/x.zip', never)).resolves.toBe(false);
    const version = await artifacts.put('sender/x.zip', bytes, never);
    expect(version).toBeUndefined();
    await expect(artifacts.has('sender/x.zip', never)).resolves.toBe(true);
    expect(aws.objectStore.read(bucket, 'sender/x.zip')?.toString()).toBe('zip');
    await artifacts.remove({ key: 'sender/x.zip', version }, never);
    await expect(artifacts.has('sender/x.zip', never)).resolves.toBe(false);
  });

  it('is gone with its version where the bucket keeps versions, and others of its name stay', async () => {
    const { artifacts, aws, stored } = await open({ buckets: [ours] });
    await artifacts.secureBucket('aws', never);
    await artifacts.put('sender/x.zip', bytes, never);
    const version = await artifacts.put('sender/x.zip', new TextEncoder().encode('other'), never);
    expect(stored()?.versions).toHaveLength(2);
    await artifacts.remove({ key: 'sender/x.zip', version }, never);
    expect(stored()?.versions.map(({ body }) => body?.toString())).toEqual(['zip']);
    aws.objectStore.failCalls({ operation: 'DeleteObject', kind: 'denied' });
    await expect(artifacts.remove({ key: 'sender/x.zip', version }, never)).rejects.toMatchObject({
      code: 'access-denied',
      hint: 'they need s3:DeleteObjectVersion',
    });
  });

  it('is handed over with the bucket, and the second time nothing changes on the wire', async () => {
    const { artifacts, log, stored } = await open();
    const wanted = [{ key: 'sender/x.zip', bytes }];
    const give = () => handOver(artifacts, { wanted, bucket: { region, partition: 'aws', isOwn: true } }, never);
    const handed = await give();
    expect(handed).toEqual({
      madeBucket: true,
      uploaded: [{ key: 'sender/x.zip', version: stored()?.versions[0]?.versionId }],
    });
    expect(log.mutating().at(0)).toBe('s3:CreateBucket');
    expect(log.mutating().at(-1)).toBe('s3:PutObject');
    log.clear();
    await expect(give()).resolves.toEqual({ madeBucket: false, uploaded: [] });
    expect(log.mutating()).toEqual([]);
  });

  it('is put again after throttling, and given up when that does not end', async () => {
    const { artifacts, aws, clock } = await open({ buckets: [ours] });
    aws.objectStore.failCalls({ kind: 'throttled', times: 3 });
    const from = clock.now();
    await artifacts.put('x', bytes, never);
    expect(clock.now() - from).toBe(3_500);
    aws.objectStore.failCalls({ kind: 'throttled', times: 100 });
    await expect(artifacts.put('x', bytes, never)).rejects.toMatchObject({ code: 'aws-failed', exitCode: 1 });
  });

  it('is not put with credentials that have expired', async () => {
    const { artifacts, aws } = await open({ buckets: [ours] });
    aws.objectStore.failCalls({ kind: 'expired' });
    await expect(artifacts.put('x', bytes, never)).rejects.toMatchObject({
      code: 'credentials-expired',
      exitCode: 4,
      hint: 'aws sso login, or name a profile with --profile',
    });
  });

  it('is looked for no longer after Ctrl-C', async () => {
    const { artifacts } = await open({ buckets: [ours] });
    const stopped = new Error('stopped');
    await expect(artifacts.has('x', AbortSignal.abort(stopped))).rejects.toBe(stopped);
  });
});
