import { describe, expect, it } from 'vitest';
import type { DeployWorld } from '../support/deploy-world.ts';
import { stackName, useDeployWorld } from '../support/deploy-world.ts';
import { catalogFiles } from '../support/fake-catalog.ts';

const startWorld = useDeployWorld();
const lines = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
const lastLine = (err: string) => err.trimEnd().split('\n').at(-1);

/** A world with a first version deployed, and new settings of both functions that wait. */
async function startDeployed(first: readonly string[] = []): Promise<DeployWorld> {
  const world = await startWorld();
  expect((await world.run(['deploy', '--yes', ...first])).code).toBe(0);
  await world.configure({ functions: { memoryMb: 512 } });
  world.aws.log.clear();
  return world;
}

const stackOf = (world: DeployWorld) => world.aws.cloudformation.stack(stackName);
const physicalId = (world: DeployWorld, logicalId: string) =>
  stackOf(world)?.resources.get(logicalId)?.physicalId ?? '';

/** Runs a deployment, and does something as soon as it says that requests shift. */
async function whileShifting(world: DeployWorld, args: readonly string[], act: (interrupt: () => void) => void) {
  const { context, ended } = world.start(args);
  let done = false;
  const timer = setInterval(() => {
    if (done || !context.err().includes('update in progress   SenderAlias')) return;
    done = true;
    act(context.interrupt);
  }, 0);
  const ran = await ended;
  clearInterval(timer);
  return ran;
}

describe('deploy --canary', () => {
  it('says how slowly new code goes out, and waits until all requests go there', async () => {
    const world = await startDeployed();
    const startedAt = world.clock.now();
    const { code, err } = await world.run(['deploy', '--yes', '--canary']);
    expect(err).toContain(
      'Canary: 10 % of the requests go to the new version of AuthorizerAlias and SenderAlias, after 15 minutes all of them.\n' +
        'It is taken back when one of these goes off meanwhile: AuthorizerFailuresAlarm, BadRequestsAlarm, DeliveryFailuresAlarm, HookErrorsAlarm.\n',
    );
    expect(err).toMatch(
      /update in progress {3}SenderAlias \(AWS::Lambda::Alias\): 10 % of the requests for 15 minutes, then all\n/,
    );
    expect(err).toContain('ok sender-alias: leads to version 2');
    expect(code).toBe(0);
    const minutes = (world.clock.now() - startedAt) / 60_000;
    expect(minutes).toBeGreaterThan(15);
    expect(minutes).toBeLessThan(20);
    expect(stackOf(world)?.status).toBe('UPDATE_COMPLETE');
  });

  it('says the same in JSON', async () => {
    const world = await startDeployed();
    const { code, out } = await world.run(['deploy', '--yes', '--canary', '--json']);
    expect(code).toBe(0);
    const documents = lines(out);
    expect(documents.find(({ type }) => type === 'plan')?.['canary']).toEqual({
      percent: 10,
      minutes: 15,
      alarms: ['AuthorizerFailuresAlarm', 'BadRequestsAlarm', 'DeliveryFailuresAlarm', 'HookErrorsAlarm'],
      aliases: ['AuthorizerAlias', 'SenderAlias'],
    });
    expect(documents).toContainEqual(
      expect.objectContaining({
        resource: 'SenderAlias',
        status: 'UPDATE_IN_PROGRESS',
        note: '10 % of the requests for 15 minutes, then all',
      }),
    );
  });

  it('takes new code back when deliveries fail, and ends with 1 and the reason', async () => {
    const world = await startDeployed();
    const ran = await whileShifting(world, ['deploy', '--yes', '--canary'], () =>
      world.aws.cloudWatch.setAlarm(physicalId(world, 'DeliveryFailuresAlarm'), 'ALARM'),
    );
    expect(ran.code).toBe(1);
    const [hint, reason] = ran.err.trimEnd().split('\n').slice(-2);
    expect(hint).toBe(
      'hint: the version from before has all requests again; okta-otp failures list says what went wrong with the new one',
    );
    expect(reason).toMatch(
      /^error: (Sender|Authorizer)Alias \(AWS::Lambda::Alias\) failed: .*alarms have been activated/,
    );
    expect(reason).toContain(`<${physicalId(world, 'DeliveryFailuresAlarm')}>`);
    expect(stackOf(world)?.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    const { out } = await world.run(['status']);
    expect(out).toMatch(/sender\s+version 1\n/);
    expect(out).toMatch(/authorizer\s+version 1\n/);
  });

  it('is interrupted without harm: status shows both versions, and the next run attaches', async () => {
    const world = await startDeployed();
    const ran = await whileShifting(world, ['deploy', '--yes', '--canary'], (interrupt) => interrupt());
    expect(ran.code).toBe(130);
    expect(lastLine(ran.err)).toContain('CloudFormation goes on');
    await world.aws.cloudformation.advance(40);
    const status = await world.run(['status']);
    expect(status.out).toMatch(/sender\s+version 1, 10 % on its way to version 2\n/);
    expect(status.out).toMatch(/authorizer\s+version 1, 10 % on its way to version 2\n/);
    expect(status.code).toBe(3);
    const again = await world.run(['deploy', '--yes']);
    expect(again.err).toContain('The stack is UPDATE_IN_PROGRESS: waiting until that is over.');
    expect(again.err).toContain('SenderAlias (AWS::Lambda::Alias): 10 % of the requests for 15 minutes, then all\n');
    expect(again.code).toBe(0);
    expect((await world.run(['status'])).out).toMatch(/sender\s+version 2\n/);
  });

  it('shifts only the function that changes', async () => {
    const world = await startDeployed();
    await world.configure();
    await world.writeCatalog(...catalogFiles({ settings: { org: 'Other' } }).slice(0, 1));
    const { code, err } = await world.run(['deploy', '--yes', '--canary']);
    expect(err).toContain('go to the new version of SenderAlias, after 15 minutes');
    expect(code).toBe(0);
  });

  it('has nothing to shift at the first deployment, and says so', async () => {
    const world = await startWorld();
    const { code, err } = await world.run(['deploy', '--yes', '--canary']);
    expect(err).toContain('Canary: nothing shifts, since there is no version yet that it could go out beside.\n');
    expect(code).toBe(0);
  });

  it('has nothing to shift where no function changes', async () => {
    const world = await startDeployed();
    await world.configure({ watching: { email: 'ops@example.com' } });
    const { code, err } = await world.run(['deploy', '--yes', '--canary']);
    expect(err).toContain('Canary: nothing shifts, since no function changes.\n');
    expect(code).toBe(0);
  });

  it('changes nothing on the wire when nothing has changed', async () => {
    const world = await startDeployed(['--canary']);
    await world.configure();
    for (const args of [
      ['deploy', '--yes', '--canary'],
      ['deploy', '--yes'],
      ['diff', '--exit-code'],
    ]) {
      expect((await world.run(args)).code).toBe(0);
    }
    expect(world.aws.log.mutating()).toEqual([]);
  });

  it('leaves CodeDeploy in the stack until the next deployment without it, which moves at once', async () => {
    const world = await startDeployed(['--canary']);
    const startedAt = world.clock.now();
    const { code, err } = await world.run(['deploy', '--yes']);
    for (const id of ['CanaryApplication', 'AuthorizerCanary', 'SenderCanary', 'CanaryRole']) {
      expect(err).toMatch(new RegExp(`- ${id} `));
    }
    expect(code).toBe(0);
    expect((world.clock.now() - startedAt) / 60_000).toBeLessThan(10);
    expect(stackOf(world)?.resources.has('CanaryApplication')).toBe(false);
    expect((await world.run(['status'])).out).toMatch(/sender\s+version 2\n/);
  });

  it('shifts again the next time', async () => {
    const world = await startDeployed(['--canary']);
    const { code, err } = await world.run(['deploy', '--yes', '--canary']);
    expect(err).toContain('0 to remove');
    expect(err).toContain('SenderAlias (AWS::Lambda::Alias): 10 % of the requests');
    expect(code).toBe(0);
  });

  it('does not begin while an alarm rings that would take it back, and leaves nothing behind', async () => {
    const world = await startDeployed();
    world.aws.cloudWatch.setAlarm(physicalId(world, 'HookErrorsAlarm'), 'ALARM');
    // One that is no reason to go back.
    world.aws.cloudWatch.setAlarm(physicalId(world, 'FirewallBlocksAlarm'), 'ALARM');
    const dry = await world.run(['deploy', '--canary', '--dry-run']);
    expect(dry.code).toBe(0);
    expect(dry.err).toContain('It would not be done: AWS would take it back at once: HookErrorsAlarm rings.\n');
    const { code, err } = await world.run(['deploy', '--yes', '--canary']);
    expect(code).toBe(1);
    expect(err).toContain('error: AWS would take it back at once: HookErrorsAlarm rings\n');
    expect(lastLine(err)).toBe(
      'hint: wait until okta-otp status is well, or deploy without --canary if this is the cure',
    );
    expect(stackOf(world)?.status).toBe('CREATE_COMPLETE');
    expect([...(stackOf(world)?.changeSets.values() ?? [])].filter((of) => of.executionStatus === 'AVAILABLE')).toEqual(
      [],
    );
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
  });

  it('does not change provisioned concurrency, which AWS refuses meanwhile', async () => {
    const world = await startDeployed();
    await world.configure({ functions: { memoryMb: 512, provisionedConcurrency: 1 } });
    const { code, err } = await world.run(['deploy', '--yes', '--canary', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(err).error.code).toBe('canary-concurrency');
    expect((await world.run(['deploy', '--yes'])).code).toBe(0);
    await world.configure({ functions: { memoryMb: 1024, provisionedConcurrency: 1 } });
    expect((await world.run(['deploy', '--yes', '--canary'])).code).toBe(0);
  });

  it('says when the alarms are set so high that they would never go off', async () => {
    const world = await startDeployed();
    await world.configure({ functions: { memoryMb: 512 }, watching: { failureRatePercent: 10 } });
    const { err } = await world.run(['deploy', '--canary', '--dry-run']);
    expect(err).toContain(
      'They go off at 10 % of all requests and never will: watching.failureRatePercent is too high.\n',
    );
  });
});
