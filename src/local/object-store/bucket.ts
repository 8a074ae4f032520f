import { createHash } from 'node:crypto';

/** One version of an object, or the marker of its deletion. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  /** `undefined` in a marker. */
  readonly body: Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly at: number;
}

/** The settings of a bucket that are documents, each kept as it was put. */
export const documents = [
  'encryption',
  'lifecycle',
  'policy',
  'publicAccessBlock',
  'tagging',
  'ownershipControls',
] as const;
export type DocumentName = (typeof documents)[number];

export interface Bucket {
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
  readonly documents: Map<DocumentName, string>;
  /** Oldest first. */
  readonly versions: ObjectVersion[];
  versioning: 'Enabled' | 'Suspended' | undefined;
}

/** Before versioning was ever on, an object has one version, and that has no id. https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html */
export const nullVersion = 'null';

export const latest = (bucket: Bucket, key: string): ObjectVersion | undefined =>
  bucket.versions.findLast((version) => version.key === key);

export const current = (bucket: Bucket): readonly ObjectVersion[] =>
  [...new Set(bucket.versions.map(({ key }) => key))]
    .sort()
    .flatMap((key) => latest(bucket, key) ?? [])
    .filter(({ body }) => body !== undefined);

/** Adds a version; without versioning it takes the place of the one without an id. */
export function addVersion(
  bucket: Bucket,
  version: Pick<ObjectVersion, 'key' | 'body' | 'headers' | 'at'>,
): ObjectVersion {
  const isVersioned = bucket.versioning === 'Enabled';
  if (!isVersioned) removeVersion(bucket, version.key, nullVersion);
  const hash = createHash('md5')
    .update(version.body ?? '')
    .digest('hex');
  const seed = `${bucket.name} ${version.key} ${version.at} ${bucket.versions.length}`;
  const added: ObjectVersion = {
    ...version,
    versionId: isVersioned ? createHash('sha256').update(seed).digest('base64url').slice(0, 32) : nullVersion,
    etag: `"${hash}"`,
  };
  bucket.versions.push(added);
  return added;
}

/** Tells whether there was such a version. */
export function removeVersion(bucket: Bucket, key: string, versionId: string): boolean {
  const index = bucket.versions.findIndex((version) => version.key === key && version.versionId === versionId);
  if (index < 0) return false;
  bucket.versions.splice(index, 1);
  return true;
}
