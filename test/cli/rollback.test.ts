import { describe, expect, it } from 'vitest';
import type { DeployWorld } from '../support/deploy-world.ts';
import { useDeployWorld } from '../support/deploy-world.ts';

const startWorld = useDeployWorld();
const errorOf = (err: string) => JSON.parse(err.trimEnd().split('\n').at(-1) ?? '').error;
const senderOf = async (world: DeployWorld) =>
  Number(JSON.parse((await world.run(['status', '--json'])).out).sender.value.version);

/** An environment whose functions have so many versions. */
async function startWith(versions: number): Promise<DeployWorld> {
  const world = await startWorld();
  for (let version = 1; version <= versions; version += 1) {
    await world.configure({ functions: { memoryMb: 256 * version } });
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
  }
  expect(await senderOf(world)).toBe(versions);
  world.aws.log.clear();
  return world;
}

describe('rollback', () => {
  it('points the sender at the version before, and a deployment of what is wanted brings it forward again', async () => {
    const world = await startWith(3);
    const { code, err } = await world.run(['rollback', '--env', 'prod', '--yes']);
    expect(code).toBe(0);
    expect(err).toContain(
      'The sender is at version 2, from the next request on. Back to where it was: okta-otp rollback 3 --env prod\n',
    );
    expect(world.aws.log.mutating()).toEqual(['lambda:UpdateAlias']);
    expect(await senderOf(world)).toBe(2);
    expect((await world.run(['deploy', '--yes'])).err).toContain('Nothing to deploy');
    expect(await senderOf(world)).toBe(2);
    await world.configure({ functions: { memoryMb: 1024 } });
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    expect(await senderOf(world)).toBe(4);
  });

  it('takes any version, forward too, and leaves the other function where it is', async () => {
    const world = await startWith(2);
    const first = await world.run(['rollback', '1', '--authorizer', '--yes', '--json']);
    expect(JSON.parse(first.out)).toEqual({ function: 'authorizer', from: 2, to: 1 });
    expect(await senderOf(world)).toBe(2);
    const again = await world.run(['rollback', '2', '--authorizer', '--yes', '--json']);
    expect(JSON.parse(again.out)).toEqual({ function: 'authorizer', from: 1, to: 2 });
  });

  it('asks first, and changes nothing on a no or where nobody can be asked', async () => {
    const world = await startWith(2);
    const no = await world.run(['rollback'], { typed: 'n' });
    expect(no).toMatchObject({ code: 130, asked: ['Point the sender of prod at version 1 in place of 2? (y/N)'] });
    expect((await world.run(['rollback'])).code).toBe(2);
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('says that there is no such version, and which there are', async () => {
    const world = await startWith(1);
    const before = await world.run(['rollback', '--yes', '--json']);
    expect({ code: before.code, ...errorOf(before.err) }).toEqual({
      code: 'function-version-unknown',
      message: 'the sender has no version before 1',
      hint: 'it is at 1; there is 1',
    });
    expect(errorOf((await world.run(['rollback', '9', '--yes', '--json'])).err).code).toBe('function-version-unknown');
    expect(errorOf((await world.run(['rollback', 'old', '--yes', '--json'])).err).code).toBe(
      'function-version-invalid',
    );
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('leaves a canary that is under way to the alarm', async () => {
    const world = await startWith(2);
    await world.configure({ functions: { memoryMb: 1024 } });
    const { context, ended } = world.start(['deploy', '--yes', '--canary']);
    const timer = setInterval(() => {
      if (context.err().includes('update in progress   SenderAlias')) context.interrupt();
    }, 0);
    await ended;
    clearInterval(timer);
    world.aws.log.clear();
    const { code, err } = await world.run(['rollback', '--yes', '--json']);
    expect({ code, error: errorOf(err).code }).toEqual({ code: 1, error: 'requests-shifting' });
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('has nothing to go back from where nothing is deployed', async () => {
    const world = await startWorld();
    const { code, err } = await world.run(['rollback', '--env', 'prod', '--yes']);
    expect(code).toBe(1);
    expect(err).toContain('hint: okta-otp deploy --env prod\n');
  });
});
