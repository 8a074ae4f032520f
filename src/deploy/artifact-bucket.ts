import { createHash } from 'node:crypto';
import type { Artifacts } from '../aws/artifacts.ts';

/** A file for CloudFormation or Lambda, under a key that holds the hash of its bytes. */
export interface Artifact {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export interface BucketOptions {
  readonly region: string;
  readonly partition: string;
  /** The bucket is this program's own, so that its settings are, too; one that an operator named keeps those it has. */
  readonly isOwn: boolean;
}

export interface HandedOver {
  readonly madeBucket: boolean;
  readonly uploaded: readonly string[];
}

/** The bucket of an account and Region, unless the environment names one. */
export const defaultBucket = (account: string, region: string) => `okta-otp-${account}-${region}`;

/** The template's key, which changes with it. */
export const templateArtifact = (template: string): Artifact => {
  const bytes = new TextEncoder().encode(template);
  return { key: `templates/${createHash('sha256').update(bytes).digest('hex')}.yaml`, bytes };
};

/** Makes the bucket if it is missing, and uploads what is not there yet. */
export async function handOver(
  artifacts: Artifacts,
  { wanted, bucket }: { readonly wanted: readonly Artifact[]; readonly bucket: BucketOptions },
  signal: AbortSignal,
): Promise<HandedOver> {
  const exists = await artifacts.bucketExists(signal);
  if (!exists) await artifacts.createBucket(bucket.region, signal);
  const missing: Artifact[] = [];
  for (const artifact of wanted) {
    if (!exists || !(await artifacts.has(artifact.key, signal))) missing.push(artifact);
  }
  // Also one that is there: whoever made it may have been interrupted before it was closed.
  if (!exists || (bucket.isOwn && missing.length > 0)) await artifacts.secureBucket(bucket.partition, signal);
  for (const { key, bytes } of missing) await artifacts.put(key, bytes, signal);
  return { madeBucket: !exists, uploaded: missing.map(({ key }) => key) };
}
