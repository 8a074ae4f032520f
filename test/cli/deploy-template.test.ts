import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it, vi } from 'vitest';
import type { DeployWorld } from '../support/deploy-world.ts';
import { account, stackName, useDeployWorld } from '../support/deploy-world.ts';
import { stackText } from '../support/stack-environment.ts';

/** The template that is deployed: that of the package until a test writes one of a later release. */
const template = vi.hoisted(() => ({ path: '' }));
vi.mock('../../src/cli/paths.ts', async (importOriginal) => ({
  ...(await importOriginal<typeof import('../../src/cli/paths.ts')>()),
  get stackTemplate() {
    return template.path;
  },
}));

const startWorld = useDeployWorld();

async function release(text: string, { dir }: DeployWorld) {
  template.path = join(dir, 'stack.yaml');
  await writeFile(template.path, text);
}

async function deployed(text: string, world: DeployWorld) {
  await release(text, world);
  const { code, err } = await world.run(['deploy', '--yes']);
  const physicalId = (id: string) => world.aws.cloudformation.stack(stackName)?.resources.get(id)?.physicalId ?? '';
  const [FunctionName, Qualifier] = physicalId('SenderAlias').split(':').slice(6);
  const lambda = new LambdaClient({ region: world.aws.region });
  try {
    const { Version, Environment } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName, Qualifier }),
    );
    const table = Environment?.Variables?.['OKTA_OTP_LEDGER_TABLE'];
    return { code, err, version: Version, table, ledger: physicalId('LedgerTable') };
  } finally {
    lambda.destroy();
  }
}

describe('a release whose template replaces a table', () => {
  it('moves the alias to a version that uses the new one', async () => {
    const world = await startWorld();
    const before = await deployed(stackText, world);
    expect(before).toMatchObject({ code: 0, version: '1', table: before.ledger });
    const after = await deployed(stackText.replaceAll('AttributeName: eventId', 'AttributeName: event'), world);
    expect(after.err).toMatch(/LedgerTable .*REPLACED/);
    expect(after.ledger).not.toBe(before.ledger);
    expect(after).toMatchObject({ code: 0, version: '2', table: after.ledger });
  });

  it('publishes nothing for a table that is changed in place', async () => {
    const world = await startWorld();
    const before = await deployed(stackText, world);
    const after = await deployed(stackText.replace('AttributeName: expiresAt', 'AttributeName: until'), world);
    expect(after.err).toMatch(/~ LedgerTable /);
    expect(after.err).not.toContain('SenderVersion');
    expect(after).toMatchObject({ code: 0, version: '1', table: before.ledger, ledger: before.ledger });
  });
});

describe('a template that does not fit into a request', () => {
  const large = `${stackText}Metadata: ${'x'.repeat(51_200)}\n`;
  const bucket = `okta-otp-${account}-us-east-1`;
  const versionsIn = ({ aws }: DeployWorld) =>
    aws.objectStore.bucket(bucket)?.versions.map(({ key, body }) => `${body === undefined ? 'marker of ' : ''}${key}`);

  it('goes through the bucket, and a dry run leaves no version of it there, nor a marker', async () => {
    const world = await startWorld();
    await release(stackText, world);
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    const before = versionsIn(world);
    expect(before).toHaveLength(2);
    await release(large.replace('Timeout: 5', 'Timeout: 6'), world);
    const { code, err } = await world.run(['deploy', '--dry-run']);
    expect(code).toBe(0);
    expect(err).toMatch(/Uploaded templates\/[0-9a-f]{64}\.yaml\./);
    expect(err).toContain('~ SenderFunction');
    expect(versionsIn(world)).toEqual(before);
    const { out } = await world.run(['deploy', '--yes', '--json']);
    const artifacts = JSON.parse(out.split('\n')[0] ?? '');
    expect(artifacts).toEqual({
      type: 'artifacts',
      bucket,
      madeBucket: false,
      uploaded: [expect.stringMatching(/^templates\/[0-9a-f]{64}\.yaml$/)],
    });
    expect(versionsIn(world)).toEqual([...(before ?? []), ...artifacts.uploaded]);
  });
});
