import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { functionBundle } from '../../src/cli/paths.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import type { FunctionName } from '../../src/deploy/package-function.ts';
import { packageFunction } from '../../src/deploy/package-function.ts';
import type { RuntimeApi } from './runtime-api.ts';
import { startRuntimeApi } from './runtime-api.ts';

export interface UploadedFunction extends Pick<RuntimeApi, 'invoke'> {
  /** Everything that it has printed. */
  printed(): string;
  close(): Promise<void>;
}

export interface Upload {
  readonly name: FunctionName;
  readonly env: Readonly<Record<string, string>>;
  readonly catalog?: readonly CatalogFile[];
}

/** Unpacks what a deployment would upload, and runs it as Lambda does: a process of its own under AWS' runtime client. */
export async function runUploaded({ name, env, catalog }: Upload): Promise<UploadedFunction> {
  const bundle = await readFile(functionBundle(name));
  const { zip } = packageFunction({ name, bundle, ...(catalog === undefined ? {} : { catalog }) });
  const taskRoot = join(await mkdtemp(join(tmpdir(), 'ric-')), 'task');
  await mkdir(taskRoot);
  for (const [path, bytes] of Object.entries(unzipSync(zip))) await writeFile(join(taskRoot, path), bytes);

  const api = await startRuntimeApi();
  const client = join(import.meta.dirname, 'node_modules', 'aws-lambda-ric', 'index.mjs');
  const child = spawn(process.execPath, [client], {
    cwd: taskRoot,
    // Nothing of this machine's own environment: a function has none of it either.
    env: {
      ...env,
      AWS_LAMBDA_RUNTIME_API: api.address,
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_LAMBDA_FUNCTION_NAME: `okta-otp-${name}`,
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/okta-otp-${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[1]00000000000000000000000000000000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const ended = once(child, 'exit');
  const died = ended.then(([code]) => {
    throw new Error(`the runtime client ended with ${code}: ${printed}`);
  });
  died.catch(() => {});
  return {
    invoke: (event, timeoutMs) => Promise.race([died, api.invoke(event, timeoutMs)]),
    printed: () => printed,
    async close() {
      child.kill('SIGKILL');
      await ended;
      await api.close();
      await rm(join(taskRoot, '..'), { recursive: true });
    },
  };
}
