import { afterEach, describe, expect, it, vi } from 'vitest';
import { readAlarms } from '../../src/aws/alarms.ts';
import { createStackApi } from '../../src/aws/stack.ts';
import { proposeChanges } from '../../src/deploy/propose-changes.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import { useOperatorAws } from '../support/operator-aws.ts';

const start = useOperatorAws();
const never = new AbortController().signal;
const stackName = 'okta-otp-prod';
const template = `
Resources:
  One: { Type: AWS::CloudWatch::Alarm, Properties: { ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1 } }
  Two: { Type: AWS::CloudWatch::Alarm, Properties: { ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1 } }
`;

/** Two alarms of a stack, by their names. */
async function open() {
  const world = await start();
  const stacks = world.opened(createStackApi(world.access));
  const request = { stackName, id: 'id', create: true, template: { body: template }, parameters: {}, tags: {} };
  const proposal = await proposeChanges({ stacks, clock: world.clock }, request, never);
  await stacks.execute(proposal?.changeSet.id ?? '', 'token', never);
  await world.aws.cloudformation.settle();
  const [one = '', two = ''] = (await stacks.resources(stackName, never)).map(({ physicalId }) => physicalId);
  return { ...world, one, two };
}

describe('the alarms', () => {
  it('are read with their states, those alone that are named', async () => {
    const { aws, access, one, two } = await open();
    aws.cloudWatch.setAlarm(one, 'ALARM');
    aws.cloudWatch.setAlarm(two, 'OK');
    await expect(readAlarms(access, [one], never)).resolves.toEqual([{ name: one, state: 'alarm' }]);
    await expect(readAlarms(access, [one, two], never)).resolves.toEqual([
      { name: one, state: 'alarm' },
      { name: two, state: 'ok' },
    ]);
  });

  it('have no data before they have seen any', async () => {
    const { access, one } = await open();
    await expect(readAlarms(access, [one], never)).resolves.toEqual([{ name: one, state: 'no-data' }]);
  });

  it('that are not there are left out; of none nobody is asked', async () => {
    const { aws, access, one } = await open();
    await expect(readAlarms(access, [one, 'other'], never)).resolves.toHaveLength(1);
    aws.log.clear();
    await expect(readAlarms(access, [], never)).resolves.toEqual([]);
    expect(aws.log.calls()).toEqual([]);
  });

  it('are read again after throttling, and not with expired credentials', async () => {
    const { aws, access, one } = await open();
    aws.cloudWatch.failCalls({ kind: 'throttled', times: 2 });
    await expect(readAlarms(access, [one], never)).resolves.toHaveLength(1);
    aws.cloudWatch.failCalls({ kind: 'expired' });
    await expect(readAlarms(access, [one], never)).rejects.toMatchObject({ code: 'credentials-expired', exitCode: 4 });
  });
});

describe('more alarms than one request takes', () => {
  let server: RunningServer | undefined;
  afterEach(() => server?.close());

  it('are read a hundred at a time, composite ones among them', async () => {
    const { access } = await open();
    const asked: number[] = [];
    server = await serve(async (request) => {
      const body: { readonly AlarmNames: readonly string[]; readonly AlarmTypes: readonly string[] } = JSON.parse(
        await request.text(),
      );
      expect(body.AlarmTypes).toEqual(['MetricAlarm', 'CompositeAlarm']);
      asked.push(body.AlarmNames.length);
      const [composite, ...metric] = body.AlarmNames.map((AlarmName) => ({ AlarmName, StateValue: 'OK' }));
      return Response.json(
        { MetricAlarms: metric, CompositeAlarms: [composite, {}] },
        { headers: { 'content-type': 'application/x-amz-json-1.0' } },
      );
    });
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH', server.url);
    const names = Array.from({ length: 230 }, (_, index) => `alarm-${index}`);
    const alarms = await readAlarms(access, names, never);
    expect(asked).toEqual([100, 100, 30]);
    expect(new Set(alarms.map(({ name }) => name))).toEqual(new Set([...names, '']));
    // CloudWatch always says the state; without one it is not known.
    expect(alarms.filter(({ state }) => state === 'no-data')).toHaveLength(3);
  });
});
