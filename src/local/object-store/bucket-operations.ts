import { parseJson } from '../../core/decode.ts';
import type { Bucket, DocumentName } from './bucket.ts';
import { documents } from './bucket.ts';
import type { Operation, StoreContext, StoreRequest } from './operation.ts';
import { onBucket } from './operation.ts';
import { emptyAnswer, Refusal, xmlAnswer } from './refusals.ts';

/**
 * The bucket of a request. Throws if there is none, if it is somebody else's, if its owner is not the expected one, or if it
 * is in another Region.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
export function bucketOf({ bucketName, headers }: StoreRequest, context: StoreContext): Bucket {
  const bucket = context.buckets.get(bucketName);
  if (bucket === undefined) throw new Refusal('NoSuchBucket', 'The specified bucket does not exist');
  const expected = headers.get('x-amz-expected-bucket-owner');
  if (bucket.owner !== context.accountId || (expected !== null && expected !== bucket.owner)) {
    throw new Refusal('AccessDenied', 'Access Denied');
  }
  if (bucket.region !== context.region) {
    const message = 'The bucket you are attempting to access must be addressed using the specified endpoint.';
    throw new Refusal('PermanentRedirect', message, { 'x-amz-bucket-region': bucket.region });
  }
  return bucket;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketName = /^(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
const createBucket: Operation = {
  name: 'CreateBucket',
  isMutating: true,
  matches: onBucket('PUT'),
  act(request, { buckets, accountId, region, now }) {
    const { bucketName: name } = request;
    if (!bucketName.test(name)) throw new Refusal('InvalidBucketName', 'The specified bucket is not valid.');
    checkLocation(elementIn(request.body, 'LocationConstraint'), region);
    const existing = buckets.get(name);
    if (existing !== undefined && existing.owner !== accountId) {
      const message =
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.';
      throw new Refusal('BucketAlreadyExists', message);
    }
    // In us-east-1, and only there, making one's own bucket again succeeds.
    if (existing !== undefined && region !== 'us-east-1') {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      throw new Refusal('BucketAlreadyOwnedByYou', message);
    }
    if (existing === undefined) {
      const versioning = undefined;
      buckets.set(name, {
        name,
        owner: accountId,
        region,
        createdAt: now(),
        documents: new Map(),
        versions: [],
        versioning,
      });
    }
    return emptyAnswer(200, { location: `/${name}` });
  },
};

function checkLocation(constraint: string | undefined, region: string): void {
  if (region === 'us-east-1') {
    if (constraint === undefined) return;
    if (constraint === 'us-east-1') {
      throw new Refusal('InvalidLocationConstraint', 'The specified location-constraint is not valid');
    }
  }
  if (constraint === region) return;
  throw new Refusal(
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

const headBucket: Operation = {
  name: 'HeadBucket',
  isMutating: false,
  matches: onBucket('HEAD'),
  act: (request, context) => emptyAnswer(200, { 'x-amz-bucket-region': bucketOf(request, context).region }),
};

const deleteBucket: Operation = {
  name: 'DeleteBucket',
  isMutating: true,
  matches: onBucket('DELETE'),
  act(request, context) {
    const bucket = bucketOf(request, context);
    if (bucket.versions.length > 0) {
      const message = 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
      throw new Refusal('BucketNotEmpty', message);
    }
    context.buckets.delete(bucket.name);
    return emptyAnswer(204);
  },
};

const putVersioning: Operation = {
  name: 'PutBucketVersioning',
  isMutating: true,
  matches: onBucket('PUT', 'versioning'),
  act(request, context) {
    const status = elementIn(request.body, 'Status');
    if (status !== 'Enabled' && status !== 'Suspended') throw malformed();
    bucketOf(request, context).versioning = status;
    return emptyAnswer(200);
  },
};

const getVersioning: Operation = {
  name: 'GetBucketVersioning',
  isMutating: false,
  matches: onBucket('GET', 'versioning'),
  act: (request, context) => xmlAnswer('VersioningConfiguration', { Status: bucketOf(request, context).versioning }),
};

const getLocation: Operation = {
  name: 'GetBucketLocation',
  isMutating: false,
  matches: onBucket('GET', 'location'),
  act(request, context) {
    const { region } = bucketOf(request, context);
    return xmlAnswer('LocationConstraint', region === 'us-east-1' ? {} : { LocationConstraint: region });
  },
};

const operationNames: Readonly<Record<DocumentName, string>> = {
  encryption: 'BucketEncryption',
  lifecycle: 'BucketLifecycleConfiguration',
  policy: 'BucketPolicy',
  publicAccessBlock: 'PublicAccessBlock',
  tagging: 'BucketTagging',
  ownershipControls: 'BucketOwnershipControls',
};

const documentOperations = documents.flatMap((name): readonly Operation[] => [
  {
    name: `Put${operationNames[name]}`,
    isMutating: true,
    matches: onBucket('PUT', name),
    act(request, context) {
      const bucket = bucketOf(request, context);
      const text = request.body.toString();
      if (name === 'policy' && !parseJson(text).ok) {
        throw new Refusal('MalformedPolicy', 'This policy contains invalid Json');
      }
      if (name !== 'policy' && !text.trimStart().startsWith('<')) throw malformed();
      bucket.documents.set(name, text);
      return emptyAnswer(name === 'policy' || name === 'tagging' ? 204 : 200);
    },
  },
  {
    name: `Get${operationNames[name]}`,
    isMutating: false,
    matches: onBucket('GET', name),
    act(request, context) {
      const text = bucketOf(request, context).documents.get(name) ?? initially(name);
      return new Response(text, {
        headers: { 'content-type': name === 'policy' ? 'application/json' : 'application/xml' },
      });
    },
  },
]);

/**
 * What a bucket has from the start: encryption since 2023, no public access, the owner's objects.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
 */
function initially(name: DocumentName): string {
  const xml = (root: string, content: string) =>
    `<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`;
  switch (name) {
    case 'encryption':
      return xml(
        'ServerSideEncryptionConfiguration',
        '<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>',
      );
    case 'publicAccessBlock':
      return xml(
        'PublicAccessBlockConfiguration',
        '<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>',
      );
    case 'ownershipControls':
      return xml('OwnershipControls', '<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>');
    case 'lifecycle':
      throw new Refusal('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist');
    case 'policy':
      throw new Refusal('NoSuchBucketPolicy', 'The bucket policy does not exist');
    case 'tagging':
      throw new Refusal('NoSuchTagSet', 'The TagSet does not exist');
  }
}

const malformed = () => new Refusal('MalformedXML', 'The XML you provided was not well-formed or did not validate');

/** The text of the first element of a name; good for the flat documents that are read here. */
export function elementIn(xml: Buffer | string, name: string): string | undefined {
  const [, content] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml.toString()) ?? [];
  return content === undefined ? undefined : unescapeXml(content);
}

export const unescapeXml = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&amp;', '&');

export const bucketOperations: readonly Operation[] = [
  createBucket,
  headBucket,
  deleteBucket,
  putVersioning,
  getVersioning,
  getLocation,
  ...documentOperations,
];
