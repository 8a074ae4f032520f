import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeployWorld } from '../support/deploy-world.ts';
import { stackName, useDeployWorld } from '../support/deploy-world.ts';

const startWorld = useDeployWorld();
const clients: CloudFormationClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** Somebody else's hand on CloudFormation. */
function somebody(): CloudFormationClient {
  const client = new CloudFormationClient({});
  clients.push(client);
  return client;
}

const stackOf = (world: DeployWorld) => world.aws.cloudformation.stack(stackName);
const idOf = (world: DeployWorld, logicalId: string) => stackOf(world)?.resources.get(logicalId)?.physicalId ?? '';
const errorOf = (err: string) => JSON.parse(err.trimEnd().split('\n').at(-1) ?? '').error;

/** A template of two resources, one of which stays when a stack is deleted. */
const small = `
Resources:
  CatalogTable:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: RetainExceptOnCreate
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
  Firewall: { Type: AWS::WAFv2::WebACL, DependsOn: CatalogTable, Properties: { Scope: REGIONAL } }
`;

const deployed = async (world: DeployWorld) => {
  expect((await world.run(['deploy', '--yes'])).code).toBe(0);
};

/** Brings a stack where it shall be, as it gets there with AWS as far as the local one can. */
const reached: Readonly<Record<string, (world: DeployWorld) => Promise<void>>> = {
  async CREATE_FAILED(world) {
    world.aws.cloudformation.failResource({ logicalId: 'Firewall', on: 'create', reason: 'no', times: 1 });
    await somebody().send(new CreateStackCommand({ StackName: stackName, TemplateBody: small, DisableRollback: true }));
    await world.aws.cloudformation.settle();
  },
  async ROLLBACK_FAILED(world) {
    world.aws.cloudformation.failResource({ logicalId: 'Firewall', on: 'create', reason: 'no', times: 1 });
    world.aws.cloudformation.failResource({ logicalId: 'LedgerTable', on: 'delete', reason: 'in use', times: 1 });
    expect((await world.run(['deploy', '--yes'])).code).toBe(1);
  },
  async DELETE_FAILED(world) {
    await deployed(world);
    world.aws.cloudformation.failResource({ logicalId: 'SenderRole', on: 'delete', reason: 'in use', times: 1 });
    expect((await world.run(['destroy', '--yes'])).code).toBe(1);
  },
  async UPDATE_FAILED(world) {
    await deployed(world);
    world.aws.cloudformation.failResource({ logicalId: 'SenderFunction', on: 'update', reason: 'no', times: 1 });
    await update(world, true);
  },
  async REVIEW_IN_PROGRESS(world) {
    await propose();
    await world.aws.cloudformation.settle();
  },
  async CREATE_IN_PROGRESS() {
    await somebody().send(new CreateStackCommand({ StackName: stackName, TemplateBody: small }));
  },
  async ROLLBACK_IN_PROGRESS(world) {
    world.aws.cloudformation.failResource({ logicalId: 'Firewall', on: 'create', reason: 'no', times: 1 });
    await somebody().send(new CreateStackCommand({ StackName: stackName, TemplateBody: small }));
    await until(world, 'ROLLBACK_IN_PROGRESS');
  },
  async DELETE_IN_PROGRESS(world) {
    await deployed(world);
    const { context, ended } = world.start(['destroy', '--yes']);
    const timer = setInterval(() => {
      if (context.err().includes('delete in progress')) context.interrupt();
    }, 0);
    expect((await ended).code).toBe(130);
    clearInterval(timer);
  },
  async UPDATE_IN_PROGRESS(world) {
    await deployed(world);
    await update(world, false);
  },
  async UPDATE_COMPLETE_CLEANUP_IN_PROGRESS(world) {
    await deployed(world);
    await world.configure({ functions: { memoryMb: 512 } });
    await update(world, false);
    await until(world, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    await world.configure();
  },
  async UPDATE_ROLLBACK_IN_PROGRESS(world) {
    await deployed(world);
    world.aws.cloudformation.failResource({ logicalId: 'SenderFunction', on: 'update', reason: 'no', times: 1 });
    await update(world, false);
    await until(world, 'UPDATE_ROLLBACK_IN_PROGRESS');
  },
  // Imports are not emulated: the stack is only said to come from one.
  IMPORT_COMPLETE: (world) => relabelled(world, 'IMPORT_COMPLETE'),
  IMPORT_ROLLBACK_COMPLETE: (world) => relabelled(world, 'IMPORT_ROLLBACK_COMPLETE'),
  IMPORT_ROLLBACK_FAILED: (world) => relabelled(world, 'IMPORT_ROLLBACK_FAILED'),
};

const propose = async () =>
  await somebody().send(
    new CreateChangeSetCommand({
      StackName: stackName,
      ChangeSetName: 'of-somebody-else',
      ChangeSetType: 'CREATE',
      TemplateBody: small,
    }),
  );

async function update(world: DeployWorld, disableRollback: boolean) {
  const { Stacks } = await somebody().send(new DescribeStacksCommand({ StackName: stackName }));
  const parameters = Stacks?.[0]?.Parameters ?? [];
  await somebody().send(
    new UpdateStackCommand({
      StackName: stackName,
      UsePreviousTemplate: true,
      DisableRollback: disableRollback,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: parameters.map(({ ParameterKey }) =>
        ParameterKey === 'MemoryMb'
          ? { ParameterKey, ParameterValue: '512' }
          : { ParameterKey, UsePreviousValue: true },
      ),
    }),
  );
  if (disableRollback) await world.aws.cloudformation.settle();
}

async function until(world: DeployWorld, status: string) {
  for (let left = 200; left > 0 && stackOf(world)?.status !== status; left -= 1) {
    await world.aws.cloudformation.advance();
  }
}

async function relabelled(
  world: DeployWorld,
  status: 'IMPORT_COMPLETE' | 'IMPORT_ROLLBACK_COMPLETE' | 'IMPORT_ROLLBACK_FAILED',
) {
  await deployed(world);
  const stack = stackOf(world);
  if (stack !== undefined) stack.status = status;
}

async function startIn(status: string): Promise<DeployWorld> {
  const world = await startWorld();
  await reached[status]?.(world);
  expect(stackOf(world)?.status).toBe(status);
  world.aws.log.clear();
  return world;
}

describe('diff, which changes nothing', () => {
  it.each([
    [
      'CREATE_FAILED',
      3,
      'The stack is CREATE_FAILED: a deployment would delete it first, and create all of it.\n',
      '41 to add',
    ],
    ['ROLLBACK_FAILED', 3, 'ROLLBACK_FAILED: a deployment would delete it first', '41 to add'],
    ['DELETE_FAILED', 3, 'DELETE_FAILED: a deployment would delete it first', '41 to add'],
    ['UPDATE_FAILED', 3, 'The stack is UPDATE_FAILED.\n', 'Parameters that differ: '],
    ['REVIEW_IN_PROGRESS', 3, 'The stack is empty: a change set was made for it, and never executed.\n', '41 to add'],
    ['ROLLBACK_IN_PROGRESS', 3, 'ROLLBACK_IN_PROGRESS', '41 to add'],
    ['UPDATE_IN_PROGRESS', 3, 'UPDATE_IN_PROGRESS: this is what differs from where it is going.\n', 'MemoryMb'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 3, 'this is what differs from where it is going', 'MemoryMb'],
    ['IMPORT_COMPLETE', 0, 'No difference.\n', ''],
    ['IMPORT_ROLLBACK_FAILED', 3, 'The stack is IMPORT_ROLLBACK_FAILED.\n', ''],
  ])('says of %s what it is, and ends with %i', async (status, code, err, out) => {
    const world = await startIn(status);
    const ran = await world.run(['diff', '--exit-code']);
    expect(ran).toMatchObject({ code, err: expect.stringContaining(err), out: expect.stringContaining(out) });
    expect(world.aws.log.mutating()).toEqual([]);
  });
});

describe('status', () => {
  it.each(Object.keys(reached).filter((status) => !/^REVIEW|^IMPORT.*_COMPLETE$/.test(status)))(
    'shows that the stack is %s, which is not well',
    async (status) => {
      const world = await startIn(status);
      const { code, out } = await world.run(['status']);
      expect(out).toContain(`okta-otp-prod ${status} since`);
      expect(out).toContain(`NOT WELL: the stack is ${status}\n`);
      expect(code).toBe(3);
      expect(world.aws.log.mutating()).toEqual([]);
    },
  );

  it.each(['IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE'] as const)('is well after %s', async (status) => {
    const world = await startIn(status);
    await world.configure({
      okta: { issuer: 'https://example.okta.com/oauth2/default', clientIds: ['0oa1'], scope: 'otp' },
    });
    await world.run(['deploy', '--yes']);
    const stack = stackOf(world);
    if (stack !== undefined) stack.status = status;
    expect(await world.run(['status'])).toMatchObject({ code: 0, out: expect.stringContaining('All is well.') });
  });

  it('says that nothing is deployed while a change set waits', async () => {
    const world = await startIn('REVIEW_IN_PROGRESS');
    expect(await world.run(['status'])).toMatchObject({ code: 3, err: 'Nothing is deployed yet: okta-otp deploy\n' });
  });
});

describe('deploy', () => {
  it.each([
    ['CREATE_FAILED', 'It can only be deleted and created anew; nothing runs in it. Delete it? (y/N)'],
    ['ROLLBACK_FAILED', 'It can only be deleted and created anew; nothing runs in it. Delete it? (y/N)'],
    ['ROLLBACK_IN_PROGRESS', 'It can only be deleted and created anew; nothing runs in it. Delete it? (y/N)'],
    [
      'DELETE_FAILED',
      'Somebody began to delete it, and what is left can only be deleted. Delete it, and create it anew? (y/N)',
    ],
  ])('asks about %s, and creates it anew after a yes', async (status, question) => {
    const world = await startIn(status);
    expect(await world.run(['deploy'], { typed: 'n' })).toMatchObject({ code: 130, asked: [question] });
    expect(world.aws.log.mutating()).toEqual([]);
    const { code, asked } = await world.run(['deploy'], { typed: 'y' });
    expect({ code, first: asked[0] }).toEqual({ code: 0, first: question });
    expect(stackOf(world)?.status).toBe('CREATE_COMPLETE');
  });

  it.each(['CREATE_FAILED', 'DELETE_FAILED'])('names the tables that stay when %s is deleted', async (status) => {
    const world = await startIn(status);
    const table = idOf(world, 'CatalogTable');
    const { err, code } = await world.run(['deploy', '--yes']);
    expect(err).toContain('What stays when it is deleted, and is no part of the new one:\n');
    expect(err).toContain(
      `  table ${table} (cents a month): aws dynamodb delete-table --table-name ${table} --region us-east-1\n`,
    );
    expect(code).toBe(0);
    expect(idOf(world, 'CatalogTable')).not.toBe(table);
  });

  it('names the one table of ROLLBACK_FAILED that could not be deleted, and not the others', async () => {
    const world = await startIn('ROLLBACK_FAILED');
    const [ledger, catalog] = [idOf(world, 'LedgerTable'), idOf(world, 'CatalogTable')];
    const { err } = await world.run(['deploy', '--yes']);
    expect(err).toContain(`table ${ledger} (`);
    expect(err).not.toContain(catalog);
  });

  it('says that nothing but a person helps when the deletion fails again', async () => {
    const world = await startIn('DELETE_FAILED');
    world.aws.cloudformation.failResource({ logicalId: 'SenderRole', on: 'delete', reason: 'in use', times: 1 });
    const { code, err } = await world.run(['deploy', '--yes']);
    expect(code).toBe(1);
    expect(err).toContain('It failed because of SenderRole: in use\n');
    expect(err).toContain('error: the stack is still DELETE_FAILED\n');
  });

  it.each(['UPDATE_FAILED', 'IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE'])('goes on from %s', async (status) => {
    const world = await startIn(status);
    await world.configure({ functions: { memoryMb: 256 } });
    const { code, err } = await world.run(['deploy', '--yes']);
    expect(err).toContain('~ SenderFunction');
    expect(code).toBe(0);
    expect(stackOf(world)?.status).toBe('UPDATE_COMPLETE');
  });

  it('brings UPDATE_FAILED back to what it should be', async () => {
    const world = await startIn('UPDATE_FAILED');
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    expect(stackOf(world)?.status).toBe('UPDATE_COMPLETE');
    expect((await world.run(['diff', '--exit-code'])).code).toBe(0);
  });

  it.each(['IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE'])(
    'leaves %s alone when nothing has changed',
    async (status) => {
      const world = await startIn(status);
      const { code, err } = await world.run(['deploy', '--yes']);
      expect({ code, last: err.trimEnd().split('\n').at(-1) }).toEqual({
        code: 0,
        last: 'Nothing to deploy: okta-otp-prod is as it should be.',
      });
      expect(world.aws.log.mutating()).not.toContain('cloudformation:ExecuteChangeSet');
      expect(stackOf(world)?.status).toBe(status);
    },
  );

  it('leaves IMPORT_ROLLBACK_FAILED to a person', async () => {
    const world = await startIn('IMPORT_ROLLBACK_FAILED');
    const { code, err } = await world.run(['deploy', '--yes', '--json']);
    expect({ code, error: errorOf(err).code }).toEqual({ code: 1, error: 'stack-stuck' });
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it.each([
    'CREATE_IN_PROGRESS',
    'UPDATE_IN_PROGRESS',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'DELETE_IN_PROGRESS',
  ])('waits for the end of %s, and then deploys', async (status) => {
    const world = await startIn(status);
    const { code, err } = await world.run(['deploy', '--yes']);
    expect(err).toContain(`The stack is ${status}: waiting until that is over.\n`);
    expect(code).toBe(0);
    expect((await world.run(['diff', '--exit-code'])).code).toBe(0);
  });

  it('has nothing to deploy after an update that was rolled back to what is wanted', async () => {
    const world = await startIn('UPDATE_ROLLBACK_IN_PROGRESS');
    const { code, err, asked } = await world.run(['deploy'], { typed: 'y' });
    expect(err).toMatch(/Nothing to deploy: okta-otp-prod is as it should be\.\n$/);
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(stackOf(world)?.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it.each(['ROLLBACK_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS'])(
    'may be interrupted while it waits for %s, which goes on',
    async (status) => {
      const world = await startIn(status);
      const { context, ended } = world.start(['deploy', '--yes']);
      const timer = setInterval(() => {
        if (context.err().includes('waiting until that is over')) context.interrupt();
      }, 0);
      const { code, err } = await ended;
      clearInterval(timer);
      expect(code).toBe(130);
      expect(err).toContain('Interrupted here; CloudFormation goes on.');
      expect(world.aws.log.mutating()).toEqual([]);
    },
  );

  it('tells of a change set of somebody else, and leaves it there after a dry run or a no', async () => {
    const world = await startIn('REVIEW_IN_PROGRESS');
    const dry = await world.run(['deploy', '--dry-run']);
    expect(dry.err).toContain(
      'The stack is empty, and a change set waits in it that a deployment deletes: of-somebody-else.\n',
    );
    expect((await world.run(['deploy'], { typed: 'n' })).code).toBe(130);
    expect([...(stackOf(world)?.changeSets.keys() ?? [])]).toEqual(['of-somebody-else']);
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    expect([...(stackOf(world)?.changeSets.keys() ?? [])]).not.toContain('of-somebody-else');
  });
});

describe('destroy', () => {
  it.each(Object.keys(reached).filter((status) => status !== 'DELETE_IN_PROGRESS'))(
    'deletes a stack that is %s, with its tables',
    async (status) => {
      const world = await startIn(status);
      const tables = ['CatalogTable', 'LedgerTable'].map((id) => idOf(world, id)).filter((id) => id !== '');
      const { code, err } = await world.run(['destroy', '--yes']);
      expect(err).toMatch(/Deleted okta-otp-prod\.\n$/);
      expect(code).toBe(0);
      expect(stackOf(world)).toBeUndefined();
      for (const table of tables) expect(err).not.toContain(`delete-table --table-name ${table}`);
      expect(await tableNames(world)).toEqual([]);
    },
  );

  it('names the tables of a deletion that somebody else began, and leaves them', async () => {
    const world = await startIn('DELETE_IN_PROGRESS');
    const tables = ['CatalogTable', 'LedgerTable'].map((id) => idOf(world, id));
    const { code, err } = await world.run(['destroy', '--yes']);
    expect(err).toContain('The stack is DELETE_IN_PROGRESS: waiting until that is over.\n');
    for (const table of tables)
      expect(err).toContain(`aws dynamodb delete-table --table-name ${table} --region us-east-1\n`);
    expect(err).toMatch(/There is no stack to delete\.\n$/);
    expect(code).toBe(0);
    expect(await tableNames(world)).toEqual(tables.toSorted());
  });

  it('keeps the tables of a stack that never came up, when it is told to', async () => {
    const world = await startIn('CREATE_FAILED');
    const table = idOf(world, 'CatalogTable');
    const { err } = await world.run(['destroy', '--yes', '--retain-data']);
    expect(err).toContain(`aws dynamodb delete-table --table-name ${table} --region us-east-1\n`);
    expect(await tableNames(world)).toEqual([table]);
  });

  it('may be interrupted while it waits, and has deleted nothing then', async () => {
    const world = await startIn('ROLLBACK_IN_PROGRESS');
    const { context, ended } = world.start(['destroy', '--yes']);
    const timer = setInterval(() => {
      if (context.err().includes('waiting until that is over')) context.interrupt();
    }, 0);
    const { code, err } = await ended;
    clearInterval(timer);
    expect({ code, last: err.trimEnd().split('\n').at(-1) }).toEqual({
      code: 130,
      last: 'Interrupted; nothing was deleted.',
    });
    expect(world.aws.log.mutating()).toEqual([]);
  });
});

async function tableNames(world: DeployWorld): Promise<readonly string[]> {
  const client = new DynamoDBClient({ endpoint: world.aws.urls.dynamodb });
  try {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    return TableNames.toSorted();
  } finally {
    client.destroy();
  }
}
