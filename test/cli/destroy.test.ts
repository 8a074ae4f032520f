import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { OktaOtpError } from '../../src/core/error.ts';
import { actWhen } from '../support/act-when.ts';
import type { DeployWorld } from '../support/deploy-world.ts';
import { stackName, useDeployWorld } from '../support/deploy-world.ts';
import type { FakeContext } from '../support/fake-context.ts';
import { documents } from '../support/json-documents.ts';

const startWorld = useDeployWorld();

async function startDeployed(settings: Readonly<Record<string, unknown>> = {}): Promise<DeployWorld> {
  const world = await startWorld();
  await world.configure(settings);
  expect((await world.run(['deploy', '--yes'])).code).toBe(0);
  return world;
}

const tablesOf = (world: DeployWorld) =>
  ['CatalogTable', 'LedgerTable'].map(
    (id) => world.aws.cloudformation.stack(stackName)?.resources.get(id)?.physicalId ?? '',
  );

async function tableNames(world: DeployWorld): Promise<readonly string[]> {
  const client = new DynamoDBClient({ endpoint: world.aws.urls.dynamodb });
  try {
    return (await client.send(new ListTablesCommand({}))).TableNames ?? [];
  } finally {
    client.destroy();
  }
}

/** Runs a command, and does something once the deletion has begun. */
const whileDeleting = (world: DeployWorld, args: readonly string[], act: (context: FakeContext) => void) =>
  actWhen(world, args, { says: /delete in progress|"DELETE_IN_PROGRESS"/, act });

const commandFor = (table: string) => `aws dynamodb delete-table --table-name ${table} --region us-east-1`;

describe('destroy, cut off', () => {
  it('names the tables that it leaves, as nobody would find them afterwards', async () => {
    const world = await startDeployed();
    const tables = tablesOf(world);
    const { code, err } = await whileDeleting(world, ['destroy', '--yes', '--env', 'prod'], (context) =>
      context.interrupt(),
    );
    expect(code).toBe(130);
    const [, told = ''] = err.split('Interrupted here; ');
    expect(told).toContain(
      'CloudFormation goes on deleting. To see how it ends: okta-otp destroy --env prod\nIt leaves the tables, which have to be deleted after it:\n',
    );
    for (const table of tables) expect(told).toContain(`  table ${table} (cents a month): ${commandFor(table)}\n`);
    await world.aws.cloudformation.settle();
    expect([...(await tableNames(world))].toSorted()).toEqual(tables.toSorted());
  });

  it('names none that were to be kept', async () => {
    const world = await startDeployed();
    const { err } = await whileDeleting(world, ['destroy', '--yes', '--retain-data'], (context) => context.interrupt());
    expect(err.split('Interrupted here; ')[1]).toBe(
      'CloudFormation goes on deleting. To see how it ends: okta-otp destroy\n',
    );
  });

  it('by credentials that expire says the same, in JSON too', async () => {
    const world = await startDeployed();
    const tables = tablesOf(world);
    const { code, out } = await whileDeleting(world, ['destroy', '--yes', '--json'], () =>
      world.aws.cloudformation.failCalls({ kind: 'expired', times: 1_000 }),
    );
    expect(code).toBe(4);
    expect(documents(out).at(-1)).toMatchObject({
      type: 'interrupted',
      phase: 'going-on',
      goesOn: true,
      again: 'okta-otp destroy',
      staying: tables.map((table) => ({ remove: commandFor(table) })),
    });
  });

  it('between the stack and its tables says which of them may be left', async () => {
    const world = await startDeployed();
    const [catalog = ''] = tablesOf(world);
    const { code, err } = await world.run(['destroy', '--yes'], {
      services: {
        async removeTables() {
          throw new OktaOtpError('aws-failed', 'AWS failed internally (HTTP 500)');
        },
      },
    });
    expect(code).toBe(1);
    expect(err).toContain('Cut off; the stack is deleted.\nOf its tables these may still be there:\n');
    expect(err.split('Cut off;')[1]).toContain(commandFor(catalog));
  });
});

describe('what destroy says of things that are not of this environment alone', () => {
  it('keeps the code of the others: the bucket goes with the last of them', async () => {
    const world = await startDeployed();
    const { err } = await world.run(['destroy', '--yes', '--region', 'us-east-1']);
    expect(err).toContain('of all environments that share it: usually every one of this account and Region');
    expect(err).toMatch(/only when the last of them is gone: aws s3 rb s3:\/\/\S+ --force --region us-east-1, after/);
  });

  it('says it of a folder of a bucket, too', async () => {
    const world = await startDeployed({ artifactPrefix: 'tools/otp' });
    const { err } = await world.run(['destroy', '--yes']);
    expect(err).toMatch(
      /only when the last of them is gone: aws s3 rm --recursive s3:\/\/\S+\/tools\/otp\/sender --region us-east-1; /,
    );
  });

  it('says what to type with the options that were typed when something stands in the way', async () => {
    const world = await startDeployed();
    world.aws.cloudformation.failResource({ logicalId: 'SenderRole', on: 'delete', reason: 'in use', times: 1 });
    const { err } = await world.run(['destroy', '--yes', '--env', 'prod']);
    expect(err).toContain('hint: remove what stands in the way, then again: okta-otp destroy --env prod\n');
  });
});
