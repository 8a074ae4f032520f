import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionBundle } from '../../src/cli/paths.ts';
import type { CatalogFile } from '../../src/core/catalog.ts';
import type { LocalCloudOptions } from '../../src/local/cloud.ts';
import type { SwitchableProxy } from '../../src/local/switchable-proxy.ts';
import { startProxy } from '../../src/local/switchable-proxy.ts';
import type { CloudUnderTest } from './local-cloud.ts';
import { startCloudUnderTest } from './local-cloud.ts';

/** A copy of the sender's bundle, as it is zipped, with the operator's catalog beside it or not. */
export async function withBundle(
  files: readonly CatalogFile[] | undefined,
  use: (bundles: LocalCloudOptions['bundles']) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'okta-otp-bundle-'));
  try {
    await copyFile(functionBundle('sender'), join(folder, 'index.cjs'));
    if (files !== undefined) await writeFile(join(folder, 'catalog.json'), JSON.stringify({ files }));
    await use({ sender: join(folder, 'index.cjs'), authorizer: functionBundle('authorizer') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A cloud whose sender reaches DynamoDB through a proxy. */
export async function behindProxy(
  options: Partial<LocalCloudOptions>,
  use: (under: CloudUnderTest, proxy: SwitchableProxy) => Promise<void>,
): Promise<void> {
  const proxy = await startProxy();
  // On a busy machine a cold start and the wait for a table that hangs take most of the usual time.
  const senderEnv = { AWS_ENDPOINT_URL_DYNAMODB: proxy.url, OKTA_OTP_ANSWER_WITHIN_MS: '2900' };
  const under = await startCloudUnderTest({ ...options, senderEnv });
  try {
    proxy.forwardTo(under.cloud.urls.dynamodb);
    await use(under, proxy);
  } finally {
    await under.cloud.close();
    await proxy.close();
  }
}
