import type { AttributeDefinition, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../core/clock.ts';
import { isObject } from '../core/decode.ts';
import type { ApiGatewayAccount } from './api-gateway-account.ts';
import { createApiGatewayAccount } from './api-gateway-account.ts';
import type { ResourceAction } from './cloudformation/account.ts';
import type { CloudFormation, CloudFormationOptions } from './cloudformation.ts';
import { createCloudFormation } from './cloudformation.ts';
import type { CloudWatch } from './cloudwatch.ts';
import { createCloudWatch } from './cloudwatch.ts';
import { startDynamoDb } from './dynamodb.ts';
import type { Invocable } from './function-pool.ts';
import type { Iam } from './iam.ts';
import { createIam } from './iam.ts';
import type { Lambda } from './lambda.ts';
import { createLambda } from './lambda.ts';
import type { Bucket } from './object-store/bucket.ts';
import type { ObjectStore } from './object-store.ts';
import { createObjectStore } from './object-store.ts';
import type { QueryService } from './query-service.ts';
import type { QueueServer } from './queue.ts';
import { createQueueServer } from './queue.ts';
import type { RequestLog } from './request-log.ts';
import { createRequestLog } from './request-log.ts';
import type { RunningServer, Serve } from './serve.ts';
import { serve } from './serve.ts';
import { createSts } from './sts.ts';

export interface LocalAwsOptions extends Pick<CloudFormationOptions, 'pace' | 'pageSize' | 'attributesOf'> {
  readonly clock: Clock;
  readonly region?: string;
  readonly accountId?: string;
  /** Buckets that are there from the start. */
  readonly buckets?: readonly Pick<Bucket, 'name' | 'owner' | 'region'>[];
  /** What runs when a function of a stack is invoked, by its logical id. */
  readonly functionOf?: (logicalId: string) => Invocable | undefined;
  /** How long API Gateway does not yet know a new role. */
  readonly roleDelayMs?: number;
  /** The logging role that the account has from the start. */
  readonly cloudwatchRoleArn?: string;
}

export interface LocalAws {
  readonly region: string;
  readonly accountId: string;
  /** What the SDK has to find in its environment: endpoints, Region and credentials. */
  readonly env: Readonly<Record<string, string>>;
  readonly urls: Readonly<
    Record<
      'cloudformation' | 'objectStore' | 'sts' | 'iam' | 'apiGateway' | 'cloudWatch' | 'lambda' | 'queue' | 'dynamodb',
      string
    >
  >;
  readonly cloudformation: CloudFormation;
  readonly objectStore: ObjectStore;
  readonly sts: QueryService;
  readonly iam: Iam;
  readonly apiGateway: ApiGatewayAccount;
  readonly cloudWatch: CloudWatch;
  readonly lambda: Lambda;
  readonly queue: QueueServer;
  /** Every call to CloudFormation, S3, STS, IAM, API Gateway, CloudWatch and Lambda; tables and queues do not log. */
  readonly log: RequestLog;
  close(): Promise<void>;
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * Starts the AWS that a deployment needs on 127.0.0.1. Tables, queues, functions and alarms of a stack exist in their own
 * services, under the names that the stack gives them; its other resources exist in CloudFormation only.
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { clock, region = 'us-east-1', accountId = '000000000000' } = options;
  const { now, after } = clock;
  const log = createRequestLog();
  const running: RunningServer[] = [];
  const up = async (handle: Serve) => {
    const server = await serve(handle);
    running.push(server);
    return server.url;
  };

  const queue = createQueueServer({ now, after, queueNames: [], accountId, region });
  const objectStore = createObjectStore({ now, after, region, accountId, log, buckets: options.buckets ?? [] });
  const sts = createSts({ accountId, log });
  const iam = createIam({ now, accountId, log });
  const apiGateway = createApiGatewayAccount({
    now,
    iam,
    log,
    roleDelayMs: options.roleDelayMs ?? 0,
    cloudwatchRoleArn: options.cloudwatchRoleArn,
  });
  const cloudWatch = createCloudWatch({ now, region, accountId, log });
  const lambda = createLambda({
    region,
    accountId,
    log,
    ...(options.functionOf ? { functionOf: options.functionOf } : {}),
  });

  const database = await startDynamoDb();
  running.push(database);
  const tables = new DynamoDBClient({ region, credentials, endpoint: database.url });
  const [queueUrl, objectStoreUrl] = await Promise.all([up(queue.serve), up(objectStore.serve)]);

  const cloudformation = createCloudFormation({
    now,
    after,
    region,
    accountId,
    log,
    queueBaseUrl: queueUrl,
    alarmState: cloudWatch.stateOf,
    readObject: async (url) => {
      const place = placeOf(url, objectStoreUrl);
      return place === undefined ? undefined : objectStore.read(place.bucket, place.key)?.toString();
    },
    provision: async (action) => {
      lambda.provision(action);
      cloudWatch.provision(action);
      provisionQueue(queue, action);
      await provisionTable(tables, action);
    },
    ...(options.pace ? { pace: options.pace } : {}),
    ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
    ...(options.attributesOf ? { attributesOf: options.attributesOf } : {}),
  });
  const urls = {
    cloudformation: await up(cloudformation.serve),
    objectStore: objectStoreUrl,
    sts: await up(sts.serve),
    iam: await up(iam.serve),
    apiGateway: await up(apiGateway.serve),
    cloudWatch: await up(cloudWatch.serve),
    lambda: await up(lambda.serve),
    queue: queueUrl,
    dynamodb: database.url,
  };

  return {
    region,
    accountId,
    urls,
    // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    env: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_API_GATEWAY: urls.apiGateway,
      AWS_ENDPOINT_URL_CLOUDFORMATION: urls.cloudformation,
      AWS_ENDPOINT_URL_CLOUDWATCH: urls.cloudWatch,
      AWS_ENDPOINT_URL_DYNAMODB: urls.dynamodb,
      AWS_ENDPOINT_URL_IAM: urls.iam,
      AWS_ENDPOINT_URL_LAMBDA: urls.lambda,
      AWS_ENDPOINT_URL_S3: urls.objectStore,
      AWS_ENDPOINT_URL_SQS: urls.queue,
      AWS_ENDPOINT_URL_STS: urls.sts,
    },
    cloudformation,
    objectStore,
    sts,
    iam,
    apiGateway,
    cloudWatch,
    lambda,
    queue,
    log,
    async close() {
      tables.destroy();
      await Promise.all(running.map((server) => server.close()));
    },
  };
}

/** Bucket and key of a template's URL: that of the local store, or one of S3's own two forms. */
function placeOf(url: string, storeUrl: string): { readonly bucket: string; readonly key: string } | undefined {
  const { origin, hostname, pathname } = new URL(url);
  const path = decodeURIComponent(pathname.slice(1));
  const [, bucket] = /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/.exec(hostname) ?? [];
  if (bucket !== undefined) return { bucket, key: path };
  const isPathStyle = origin === storeUrl || /^s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/.test(hostname);
  const slash = path.indexOf('/');
  return isPathStyle && slash > 0 ? { bucket: path.slice(0, slash), key: path.slice(slash + 1) } : undefined;
}

function provisionQueue(queue: QueueServer, { type, action, physicalId }: ResourceAction): void {
  if (type !== 'AWS::SQS::Queue' || action === 'update') return;
  const name = physicalId.slice(physicalId.lastIndexOf('/') + 1);
  if (action === 'create') queue.createQueue(name);
  else queue.deleteQueue(name);
}

async function provisionTable(client: DynamoDBClient, { type, action, physicalId, properties }: ResourceAction) {
  if (type !== 'AWS::DynamoDB::Table' || action === 'update') return;
  if (action === 'delete') {
    await client.send(new DeleteTableCommand({ TableName: physicalId }));
    return;
  }
  await client.send(
    new CreateTableCommand({
      TableName: physicalId,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: listOf(properties['KeySchema']).map(toKey),
      AttributeDefinitions: listOf(properties['AttributeDefinitions']).map(toAttribute),
    }),
  );
}

const listOf = (value: unknown) => (Array.isArray(value) ? value.filter(isObject) : []);

const toKey = (entry: Readonly<Record<string, unknown>>): KeySchemaElement => ({
  AttributeName: String(entry['AttributeName']),
  KeyType: entry['KeyType'] === 'RANGE' ? 'RANGE' : 'HASH',
});

const toAttribute = (entry: Readonly<Record<string, unknown>>): AttributeDefinition => ({
  AttributeName: String(entry['AttributeName']),
  AttributeType: entry['AttributeType'] === 'N' ? 'N' : entry['AttributeType'] === 'B' ? 'B' : 'S',
});
