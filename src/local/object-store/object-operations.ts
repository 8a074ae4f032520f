import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Bucket, ObjectVersion } from './bucket.ts';
import { addVersion, current, latest, nullVersion, removeVersion } from './bucket.ts';
import { bucketOf, elementIn } from './bucket-operations.ts';
import type { Operation, StoreRequest } from './operation.ts';
import { onBucket, onObject } from './operation.ts';
import { emptyAnswer, Refusal, xmlAnswer } from './refusals.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
const putObject: Operation = {
  name: 'PutObject',
  isMutating: true,
  matches: onObject('PUT'),
  act(request, context) {
    const { key, body, headers, query } = request;
    const bucket = bucketOf(request, context);
    const unsupported = ['uploadId', 'partNumber', 'tagging', 'acl', 'retention'].find((name) => query.has(name));
    if (
      unsupported !== undefined ||
      headers.has('x-amz-copy-source') ||
      headers.get('content-encoding') === 'aws-chunked'
    ) {
      throw new Refusal('NotImplemented', 'Parts, copies, streams and settings of an object are not emulated.');
    }
    checkSums(body, headers);
    // A conditional write. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    if (headers.get('if-none-match') === '*' && latest(bucket, key)?.body !== undefined) {
      const message = 'At least one of the pre-conditions you specified did not hold';
      throw new Refusal('PreconditionFailed', message);
    }
    const version = addVersion(bucket, { key, body, headers: kept(headers), at: context.now() });
    return emptyAnswer(200, { etag: version.etag, ...versionHeader(version), ...checksumsOf(version) });
  },
};

/** The headers of an object that come back with it. */
const kept = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    [...headers].filter(([name]) => /^(content-type|cache-control|x-amz-meta-.+|x-amz-checksum-.+)$/.test(name)),
  );

const versionHeader = ({ versionId }: ObjectVersion): Record<string, string> =>
  versionId === nullVersion ? {} : { 'x-amz-version-id': versionId };

const checksumsOf = ({ headers }: ObjectVersion): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-checksum-')));

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
function checkSums(body: Buffer, headers: Headers): void {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const expected: readonly (readonly [string, () => string])[] = [
    ['x-amz-checksum-crc32', () => crc.toString('base64')],
    ['x-amz-checksum-sha256', () => createHash('sha256').update(body).digest('base64')],
    ['content-md5', () => createHash('md5').update(body).digest('base64')],
  ];
  for (const [name, compute] of expected) {
    const given = headers.get(name);
    if (given === null || given === compute()) continue;
    throw new Refusal('BadDigest', `The ${name} you specified did not match what we received.`);
  }
}

function versionOf(request: StoreRequest, bucket: Bucket): ObjectVersion & { readonly body: Buffer } {
  const versionId = request.query.get('versionId');
  const version =
    versionId === null
      ? latest(bucket, request.key)
      : bucket.versions.find((candidate) => candidate.key === request.key && candidate.versionId === versionId);
  if (version?.body !== undefined) return { ...version, body: version.body };
  if (version !== undefined && versionId !== null) {
    throw new Refusal('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  }
  if (versionId !== null) throw new Refusal('NoSuchVersion', 'The specified version does not exist.');
  const marker = version === undefined ? {} : { 'x-amz-delete-marker': 'true' };
  throw new Refusal('NoSuchKey', 'The specified key does not exist.', marker);
}

function readObject(method: 'GET' | 'HEAD'): Operation {
  return {
    name: method === 'GET' ? 'GetObject' : 'HeadObject',
    isMutating: false,
    matches: onObject(method),
    act(request, context) {
      const version = versionOf(request, bucketOf(request, context));
      const headers = {
        ...version.headers,
        ...versionHeader(version),
        etag: version.etag,
        'content-length': String(version.body.length),
        'last-modified': new Date(version.at).toUTCString(),
        'x-amz-server-side-encryption': 'AES256',
      };
      // Response needs bytes of its own: a Buffer may be a view of a pool.
      return new Response(method === 'GET' ? new Uint8Array(version.body) : null, { headers });
    },
  };
}

const deleteObject: Operation = {
  name: 'DeleteObject',
  isMutating: true,
  matches: onObject('DELETE'),
  act(request, context) {
    const bucket = bucketOf(request, context);
    const deleted = deleteOne(bucket, request.key, request.query.get('versionId') ?? undefined, context.now());
    return emptyAnswer(204, {
      ...(deleted === undefined ? {} : versionHeader(deleted)),
      ...(deleted?.body === undefined && deleted !== undefined ? { 'x-amz-delete-marker': 'true' } : {}),
    });
  },
};

/** With versioning, a deletion without a version only puts a marker. https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html */
function deleteOne(bucket: Bucket, key: string, versionId: string | undefined, at: number): ObjectVersion | undefined {
  if (versionId !== undefined) {
    const version = bucket.versions.find((candidate) => candidate.key === key && candidate.versionId === versionId);
    removeVersion(bucket, key, versionId);
    return version;
  }
  if (bucket.versioning === 'Enabled') return addVersion(bucket, { key, body: undefined, headers: {}, at });
  removeVersion(bucket, key, nullVersion);
  return undefined;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const deleteObjects: Operation = {
  name: 'DeleteObjects',
  isMutating: true,
  matches: onBucket('POST', 'delete'),
  act(request, context) {
    const bucket = bucketOf(request, context);
    const entries = [...request.body.toString().matchAll(/<Object>([\s\S]*?)<\/Object>/g)].map(([, entry = '']) => ({
      key: elementIn(entry, 'Key') ?? '',
      versionId: elementIn(entry, 'VersionId'),
    }));
    if (entries.length === 0 || entries.length > 1000) {
      throw new Refusal('MalformedXML', 'The XML you provided was not well-formed or did not validate');
    }
    const deleted = entries.map(({ key, versionId }) => {
      const version = deleteOne(bucket, key, versionId, context.now());
      const isMarker = version !== undefined && version.body === undefined;
      return {
        Key: key,
        VersionId: versionId,
        DeleteMarker: isMarker ? true : undefined,
        DeleteMarkerVersionId: isMarker ? version.versionId : undefined,
      };
    });
    return xmlAnswer('DeleteResult', elementIn(request.body, 'Quiet') === 'true' ? {} : { Deleted: deleted });
  },
};

const listObjects: Operation = {
  name: 'ListObjectsV2',
  isMutating: false,
  matches: (request) => onBucket('GET')(request) && request.query.get('list-type') === '2',
  act(request, context) {
    const bucket = bucketOf(request, context);
    const prefix = request.query.get('prefix') ?? '';
    const after = request.query.get('continuation-token') ?? request.query.get('start-after') ?? '';
    const found = current(bucket).filter(({ key }) => key.startsWith(prefix) && key > after);
    const page = found.slice(0, pageSizeOf(request));
    return xmlAnswer('ListBucketResult', {
      Name: bucket.name,
      Prefix: prefix,
      KeyCount: page.length,
      MaxKeys: pageSizeOf(request),
      IsTruncated: page.length < found.length,
      NextContinuationToken: page.length < found.length ? page.at(-1)?.key : undefined,
      Contents: page.map(({ key, etag, at, body }) => ({
        Key: key,
        LastModified: new Date(at),
        ETag: etag,
        Size: body?.length ?? 0,
        StorageClass: 'STANDARD',
      })),
    });
  },
};

const listVersions: Operation = {
  name: 'ListObjectVersions',
  isMutating: false,
  matches: onBucket('GET', 'versions'),
  act(request, context) {
    const bucket = bucketOf(request, context);
    const prefix = request.query.get('prefix') ?? '';
    const from = Number(request.query.get('version-id-marker') ?? '0');
    const found = bucket.versions
      .filter(({ key }) => key.startsWith(prefix))
      .toReversed()
      .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    const next = from + pageSizeOf(request);
    const page = found.slice(from, next);
    const toEntry = (version: ObjectVersion) => ({
      Key: version.key,
      VersionId: version.versionId,
      IsLatest: latest(bucket, version.key) === version,
      LastModified: new Date(version.at),
      ...(version.body === undefined
        ? {}
        : { ETag: version.etag, Size: version.body.length, StorageClass: 'STANDARD' }),
    });
    return xmlAnswer('ListVersionsResult', {
      Name: bucket.name,
      Prefix: prefix,
      MaxKeys: pageSizeOf(request),
      IsTruncated: next < found.length,
      NextKeyMarker: next < found.length ? page.at(-1)?.key : undefined,
      NextVersionIdMarker: next < found.length ? String(next) : undefined,
      Version: page.filter(({ body }) => body !== undefined).map(toEntry),
      DeleteMarker: page.filter(({ body }) => body === undefined).map(toEntry),
    });
  },
};

const pageSizeOf = ({ query }: StoreRequest) => Math.min(Number(query.get('max-keys') ?? '1000'), 1000);

export const objectOperations: readonly Operation[] = [
  putObject,
  readObject('GET'),
  readObject('HEAD'),
  deleteObject,
  deleteObjects,
  listObjects,
  listVersions,
];
