import { describe, expect, it, vi } from 'vitest';
import { actWhen } from '../support/act-when.ts';
import type { DeployWorld } from '../support/deploy-world.ts';
import { stackName, useDeployWorld } from '../support/deploy-world.ts';
import { documents } from '../support/json-documents.ts';

const startWorld = useDeployWorld();
const errorOf = (err: string) => JSON.parse(err.trimEnd().split('\n').at(-1) ?? '').error;
const lastLine = (err: string) => err.trimEnd().split('\n').at(-1);
const stackOf = (world: DeployWorld) => world.aws.cloudformation.stack(stackName);

async function inDeleteFailed(settings: Readonly<Record<string, unknown>> = {}): Promise<DeployWorld> {
  const world = await startWorld();
  await world.configure(settings);
  expect((await world.run(['deploy', '--yes'])).code).toBe(0);
  world.aws.cloudformation.failResource({ logicalId: 'SenderRole', on: 'delete', reason: 'in use', times: 1 });
  expect((await world.run(['destroy', '--yes'])).code).toBe(1);
  expect(stackOf(world)?.status).toBe('DELETE_FAILED');
  world.aws.log.clear();
  return world;
}

async function inUpdateRollbackFailed(): Promise<DeployWorld> {
  const world = await startWorld();
  expect((await world.run(['deploy', '--yes'])).code).toBe(0);
  await world.configure({ functions: { memoryMb: 512 } });
  world.aws.cloudformation.failResource({ logicalId: 'SenderFunction', on: 'update', reason: 'no', times: 1 });
  world.aws.cloudformation.failResource({ logicalId: 'AuthorizerFunction', on: 'rollback', reason: 'no!', times: 1 });
  await world.run(['deploy', '--yes']);
  expect(stackOf(world)?.status).toBe('UPDATE_ROLLBACK_FAILED');
  world.aws.log.clear();
  return world;
}

describe('a dry run', () => {
  it('does not say of a stack whose rollback failed that it would be deleted and made anew', async () => {
    const world = await inUpdateRollbackFailed();
    const { code, err } = await world.run(['deploy', '--dry-run']);
    expect(code).toBe(0);
    expect(err).toContain('An update failed, and so did going back: that would be ended first');
    expect(err).not.toMatch(/to add|deleted first|nothing runs/);
    expect(lastLine(err)).toBe('A dry run: nothing was changed. By reading alone, okta-otp diff compares what it can.');
    const { out } = await world.run(['deploy', '--dry-run', '--json']);
    expect(documents(out)).toEqual([
      { type: 'stack', status: 'UPDATE_ROLLBACK_FAILED', step: 'continue-rollback' },
      { type: 'first', status: 'UPDATE_ROLLBACK_FAILED', step: 'continue-rollback' },
      { type: 'done', changed: false },
    ]);
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('does not say of a stack whose deletion failed that nothing of it runs', async () => {
    const world = await inDeleteFailed();
    const { err } = await world.run(['deploy', '--dry-run']);
    expect(err).toContain('What is left of the stack would be deleted first, and some of it may still run.\n');
    expect(err).not.toContain('nothing runs');
    const { out } = await world.run(['deploy', '--dry-run', '--json']);
    expect(documents(out)).toContainEqual({ type: 'first', status: 'DELETE_FAILED', step: 'replace' });
  });
});

describe('Ctrl-C', () => {
  it('in the smoke check says that the stack is up', async () => {
    const world = await startWorld();
    const { context, ended } = world.start(['deploy', '--yes'], {
      services: {
        async postEmpty(_url, signal) {
          context.interrupt();
          return await new Promise<number>((_resolve, reject) => {
            if (signal.aborted) reject(signal.reason);
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        },
      },
    });
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(stackOf(world)?.status).toBe('CREATE_COMPLETE');
    expect(lastLine(err)).toMatch(
      /^Interrupted; the stack is up, and what comes after it .+: okta-otp deploy \(okta-otp status /,
    );
  });

  it('while the catalog is published, too, and the next run publishes it', async () => {
    const world = await startWorld();
    const { code, out } = await actWhen(world, ['deploy', '--yes', '--json'], {
      says: '{"type":"stack","status":"CREATE_COMPLETE"}',
      act: (context) => context.interrupt(),
    });
    expect(code).toBe(130);
    expect(documents(out).at(-1)).toEqual({
      type: 'interrupted',
      phase: 'deployed',
      goesOn: false,
      again: 'okta-otp deploy',
    });
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    expect((await world.run(['status'])).out).toMatch(/^catalog +version 1 /m);
  });

  it('after a yes to deleting what is in the way says that it is gone, and so does a no', async () => {
    const world = await inDeleteFailed();
    const { code, err } = await world.run(['deploy'], { typed: ['y'] });
    expect(code).toBe(130);
    expect(stackOf(world)).toBeUndefined();
    expect(lastLine(err)).toBe(
      'Interrupted; the old stack is deleted, and there is no new one. To create it: okta-otp deploy',
    );
    const other = await inDeleteFailed();
    const no = await other.run(['deploy'], { typed: ['y', 'n'] });
    expect({ code: no.code, last: lastLine(no.err) }).toEqual({
      code: 130,
      last: 'Nothing was created: the old stack is deleted, and there is no new one.',
    });
  });

  it('after a yes to going back says where the stack is', async () => {
    const world = await inUpdateRollbackFailed();
    const { code, err } = await world.run(['deploy'], { typed: ['y'] });
    expect({ code, last: lastLine(err) }).toEqual({
      code: 130,
      last: 'Interrupted; the stack is back where it was before the update that failed. To go on: okta-otp deploy',
    });
  });

  it.each([inDeleteFailed, inUpdateRollbackFailed])(
    'at the question whether to begin says that nothing was changed',
    async (reach) => {
      const world = await reach();
      const { code, err } = await world.run(['deploy'], { typed: [] });
      expect({ code, last: lastLine(err) }).toEqual({
        code: 130,
        last: 'Interrupted; the stack was not changed. To go on: okta-otp deploy',
      });
      expect(world.aws.log.mutating()).toEqual([]);
    },
  );
});

describe('credentials that expire', () => {
  const expire = (world: DeployWorld) => world.aws.cloudformation.failCalls({ kind: 'expired', times: 1_000 });

  it('while CloudFormation is at work leave it at work, and the hint says how to come back', async () => {
    const world = await startWorld();
    const { code, err } = await actWhen(world, ['deploy', '--yes'], {
      says: 'create in progress   Firewall ',
      act: () => expire(world),
    });
    expect(code).toBe(4);
    expect(err).toMatch(/error: the AWS credentials have expired\nhint: .+\n$/);
    expect(lastLine(err)).toContain(
      '; CloudFormation goes on meanwhile: okta-otp deploy attaches to it, okta-otp status shows it',
    );
    world.aws.cloudformation.clearFaults();
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
  });

  it('say the same in JSON', async () => {
    const world = await startWorld();
    const { code, out, err } = await actWhen(world, ['deploy', '--yes', '--json', '--env', 'prod'], {
      says: '"resource":"Firewall"',
      act: () => expire(world),
    });
    expect(code).toBe(4);
    expect(documents(out).at(-1)).toEqual({
      type: 'interrupted',
      phase: 'going-on',
      goesOn: true,
      again: 'okta-otp deploy --env prod',
    });
    expect(errorOf(err)).toMatchObject({
      code: 'credentials-expired',
      hint: expect.stringContaining('CloudFormation goes on meanwhile: okta-otp deploy --env prod attaches to it'),
    });
  });

  it('before anything was begun are only that', async () => {
    const world = await startWorld();
    world.aws.cloudformation.failCalls({ operation: 'ExecuteChangeSet', kind: 'expired' });
    const { code, err, out } = await world.run(['deploy', '--yes', '--json']);
    expect({ code, error: errorOf(err).code }).toEqual({ code: 4, error: 'credentials-expired' });
    expect(errorOf(err).hint).not.toContain('CloudFormation');
    expect(out).not.toContain('interrupted');
  });
});

describe('a catalog that cannot be published', () => {
  it('does not hide that the stack is up', async () => {
    const world = await startWorld();
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:9');
    const { code, err } = await world.run(['deploy', '--yes']);
    expect(code).toBe(1);
    expect(lastLine(err)).toMatch(/^hint: .+; the stack is up: okta-otp deploy publishes what is missing$/);
  });
});

describe('what somebody else began, and failed', () => {
  it('is told with its reason and with what it left, in JSON too', async () => {
    const world = await startWorld();
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    await world.configure({ functions: { memoryMb: 512 } });
    const begin = async () => {
      world.aws.cloudformation.failResource({ logicalId: 'SenderFunction', on: 'update', reason: 'no', times: 1 });
      await actWhen(world, ['deploy', '--yes'], {
        says: 'update in progress   ',
        act: (context) => context.interrupt(),
      });
    };
    await begin();
    const words = await world.run(['deploy', '--dry-run']);
    expect(words.err).toContain('It failed because of SenderFunction: no; the stack is up, with what it had before\n');
    await begin();
    const { out } = await world.run(['deploy', '--dry-run', '--json']);
    expect(documents(out)).toContainEqual({
      type: 'stack',
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failed: 'SenderFunction',
      reason: 'no',
    });
  });
});

describe('a production environment', () => {
  it('is deleted after its name only, also when only what is left of it is', async () => {
    const world = await inDeleteFailed({ production: true });
    const no = await world.run(['deploy'], { typed: 'y' });
    expect(no).toMatchObject({ code: 130, asked: ['Type "prod" to delete it, and create it anew:'] });
    expect(lastLine(no.err)).toBe('Nothing was changed.');
    expect(world.aws.log.mutating()).toEqual([]);
    expect((await world.run(['deploy'], { typed: 'prod' })).code).toBe(0);
    expect(stackOf(world)?.status).toBe('CREATE_COMPLETE');
  });
});
