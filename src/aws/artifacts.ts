import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CredentialsError } from '../core/error.ts';
import type { OperatorAccess } from './operator.ts';
import { createAsk, operatorSettings } from './operator.ts';

export interface ArtifactsOptions extends OperatorAccess {
  readonly bucket: string;
  /** The account that the bucket has to belong to: a name could have been taken by somebody else. */
  readonly owner: string;
}

/** An object as it was put. */
export interface StoredObject {
  readonly key: string;
  readonly version: string | undefined;
}

/** The bucket that templates and code are handed over in. Every method rejects with an error for a person. */
export interface Artifacts {
  /** Throws when the bucket is there and not this account's. */
  bucketExists(signal: AbortSignal): Promise<boolean>;
  /** Also when it is there already and this account's. */
  createBucket(region: string, signal: AbortSignal): Promise<void>;
  /** Encrypted, private, reached by TLS only, versioned, old versions gone after a while. */
  secureBucket(partition: string, signal: AbortSignal): Promise<void>;
  has(key: string, signal: AbortSignal): Promise<boolean>;
  /** Gives the version that was made; undefined in a bucket without versions. */
  put(key: string, body: Uint8Array, signal: AbortSignal): Promise<string | undefined>;
  /** For good: without its version it would only be hidden, where the bucket has versions. */
  remove(object: StoredObject, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** As long as somebody might want to know what an overwritten object was; keys hold a hash, so hardly any ever is. */
const oldVersionsDays = 90;

export function createArtifacts({ bucket, owner, ...access }: ArtifactsOptions): Artifacts {
  const client = new S3Client(operatorSettings(access));
  const ask = createAsk(access, 'the artifact bucket');
  const ofBucket = { Bucket: bucket, ExpectedBucketOwner: owner };

  /** Whether a HEAD finds something: S3 answers without a body, so that only the status tells. */
  const isThere = (action: string, signal: AbortSignal, head: (options: Sending) => Promise<unknown>) =>
    ask(action, signal, async (options) => {
      try {
        await head(options);
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === 404) return false;
        if (status === 403 || status === 301) throw foreign(error);
        throw error;
      }
    });

  return {
    bucketExists: (signal) =>
      isThere('s3:ListBucket', signal, (options) => client.send(new HeadBucketCommand(ofBucket), options)),

    async createBucket(region, signal) {
      await ask('s3:CreateBucket', signal, async (options) => {
        try {
          await client.send(new CreateBucketCommand({ Bucket: bucket, ...placeOf(region) }), options);
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          if (error.name === 'BucketAlreadyExists') throw foreign(error);
          if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
        }
      });
    },

    async secureBucket(partition, signal) {
      await ask('s3:PutBucketPublicAccessBlock', signal, (options) =>
        client.send(
          new PutPublicAccessBlockCommand({
            ...ofBucket,
            PublicAccessBlockConfiguration: {
              BlockPublicAcls: true,
              BlockPublicPolicy: true,
              IgnorePublicAcls: true,
              RestrictPublicBuckets: true,
            },
          }),
          options,
        ),
      );
      await ask('s3:PutEncryptionConfiguration', signal, (options) =>
        client.send(
          new PutBucketEncryptionCommand({
            ...ofBucket,
            ServerSideEncryptionConfiguration: {
              Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
            },
          }),
          options,
        ),
      );
      await ask('s3:PutBucketVersioning', signal, (options) =>
        client.send(
          new PutBucketVersioningCommand({ ...ofBucket, VersioningConfiguration: { Status: 'Enabled' } }),
          options,
        ),
      );
      await ask('s3:PutLifecycleConfiguration', signal, (options) =>
        client.send(
          new PutBucketLifecycleConfigurationCommand({
            ...ofBucket,
            LifecycleConfiguration: {
              Rules: [
                {
                  ID: 'old-versions',
                  Status: 'Enabled',
                  Filter: { Prefix: '' },
                  // Never current ones: a stack that rolls back needs the code that it had.
                  NoncurrentVersionExpiration: { NoncurrentDays: oldVersionsDays },
                  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
                },
              ],
            },
          }),
          options,
        ),
      );
      await ask('s3:PutBucketPolicy', signal, (options) =>
        client.send(new PutBucketPolicyCommand({ ...ofBucket, Policy: tlsOnly(bucket, partition) }), options),
      );
    },

    has: (key, signal) =>
      isThere('s3:GetObject', signal, (options) =>
        client.send(new HeadObjectCommand({ ...ofBucket, Key: key }), options),
      ),

    async put(key, body, signal) {
      const { VersionId } = await ask('s3:PutObject', signal, (options) =>
        client.send(new PutObjectCommand({ ...ofBucket, Key: key, Body: body }), options),
      );
      return VersionId;
    },

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html
    async remove({ key, version }, signal) {
      await ask(version === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion', signal, (options) =>
        client.send(
          new DeleteObjectCommand({ ...ofBucket, Key: key, ...(version === undefined ? {} : { VersionId: version }) }),
          options,
        ),
      );
    },

    close: () => client.destroy(),
  };
}

interface Sending {
  readonly abortSignal: AbortSignal;
}

const foreign = (cause: unknown) =>
  new CredentialsError('bucket-foreign', 'the artifact bucket is not of this account and Region, or is closed to you', {
    hint: 'name another one as artifactBucket in okta-otp.json',
    cause,
  });

function statusOf(error: unknown): number | undefined {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** Of us-east-1 alone it must not be said. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
const placeOf = (region: string) =>
  region === 'us-east-1'
    ? {}
    : // The SDK lists the Regions that it knows; S3 takes every one that there is.
      { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };

const tlsOnly = (bucket: string, partition: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:${partition}:s3:::${bucket}`, `arn:${partition}:s3:::${bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
