import { createHash } from 'node:crypto';
import type { Artifacts, StoredObject } from '../aws/artifacts.ts';
import type { Environment } from './environment.ts';

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
  readonly uploaded: readonly StoredObject[];
}

/** The bucket of an account and Region, unless the environment names one. */
export const defaultBucket = ({ namePrefix }: Pick<Environment, 'namePrefix'>, account: string, region: string) =>
  `${namePrefix}-${account}-${region}`;

/** Where an object lies in the bucket of an environment. */
export const keyIn = ({ artifactPrefix }: Pick<Environment, 'artifactPrefix'>, key: string) =>
  artifactPrefix === undefined ? key : `${artifactPrefix}/${key}`;

/** All that is ever uploaded lies in these. */
export const artifactFolders = ['sender', 'authorizer', 'templates'] as const;

/** The template's key, which changes with it. */
export const templateArtifact = (environment: Pick<Environment, 'artifactPrefix'>, template: string): Artifact => {
  const bytes = new TextEncoder().encode(template);
  return { key: keyIn(environment, `templates/${createHash('sha256').update(bytes).digest('hex')}.yaml`), bytes };
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
  const uploaded: StoredObject[] = [];
  for (const { key, bytes } of missing) uploaded.push({ key, version: await artifacts.put(key, bytes, signal) });
  return { madeBucket: !exists, uploaded };
}
