import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { systemClock } from '../../src/handlers/system-clock.ts';
import type { FunctionPool } from '../../src/local/function-pool.ts';
import { createFunctionPool } from '../../src/local/function-pool.ts';
import type { Passing } from '../support/recording-proxy.ts';

export interface MotoFunctions {
  /** Answers an invocation. */
  answer(passing: Passing): Promise<Response>;
  /** What the functions printed. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export interface MotoFunctionsOptions {
  readonly url: string;
  readonly messagingUrl: string;
  /** That the code was uploaded to. */
  readonly bucket: string;
}

/**
 * Invokes functions in moto's place, which needs Docker for that: the code that was uploaded to moto's S3, with the
 * settings that moto's Lambda has of it, in an execution environment of the local cloud.
 */
export function createMotoFunctions({ url, messagingUrl, bucket }: MotoFunctionsOptions): MotoFunctions {
  const credentials = { accessKeyId: 'moto', secretAccessKey: 'moto' };
  const settings = { endpoint: url, region: 'us-east-1', credentials };
  const lambda = new LambdaClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const lines: string[] = [];
  const folders: string[] = [];
  const pools: FunctionPool[] = [];

  async function start(arn: string): Promise<FunctionPool> {
    const { Configuration, Code } = await lambda.send(new GetFunctionCommand({ FunctionName: arn }));
    // Of the place it tells the key alone: the bucket in it is Lambda's own.
    const Key = new URL(Code?.Location ?? '').pathname.slice(1);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const code = unzipSync((await Body?.transformToByteArray()) ?? new Uint8Array());
    const folder = await mkdtemp(join(tmpdir(), 'okta-otp-function-'));
    folders.push(folder);
    for (const [name, bytes] of Object.entries(code)) await writeFile(join(folder, name), bytes);
    const pool = createFunctionPool({
      clock: systemClock,
      name: Configuration?.FunctionName ?? '',
      bundle: join(folder, 'index.cjs'),
      timeoutMs: (Configuration?.Timeout ?? 0) * 1000,
      onLine: (line) => lines.push(line),
      env: {
        ...Configuration?.Environment?.Variables,
        AWS_ENDPOINT_URL_DYNAMODB: url,
        AWS_ENDPOINT_URL_SQS: url,
        AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: messagingUrl,
      },
    });
    pools.push(pool);
    return pool;
  }

  return {
    lines,
    async answer({ call, body }) {
      const [, name = ''] = /\/functions\/([^/]+)\/invocations$/.exec(call.operation) ?? [];
      const pool = await start(decodeURIComponent(name));
      const event: unknown = JSON.parse(new TextDecoder().decode(body));
      const result = await pool.invoke(event);
      if (result.kind === 'answered') return Response.json(result.payload);
      return Response.json(result, { headers: { 'x-amz-function-error': 'Unhandled' } });
    },
    async close() {
      lambda.destroy();
      s3.destroy();
      await Promise.all(pools.map((pool) => pool.close()));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
    },
  };
}
