import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResourceChange } from '../../src/aws/change-set.ts';
import { canaryIn, movedAliases } from '../../src/deploy/canary.ts';

const template = readFileSync(join(import.meta.dirname, '../../cloudformation/okta-otp.yaml'), 'utf8');
const groupWith = (properties: string) =>
  `Resources:\n  Group: { Type: 'AWS::CodeDeploy::DeploymentGroup', Properties: ${properties} }\n`;

describe('the canary of a template', () => {
  it('is read off its groups', () => {
    expect(canaryIn(template)).toEqual({
      percent: 10,
      minutes: 15,
      alarms: ['AuthorizerFailuresAlarm', 'BadRequestsAlarm', 'DeliveryFailuresAlarm', 'HookErrorsAlarm'],
    });
  });

  it('gives the alarms enough to see: a version that always fails exceeds the rate before it has everything', () => {
    const { percent, minutes } = canaryIn(template) ?? { percent: 0, minutes: 0 };
    const defaultRate = Number(/FailureRatePercent:\n {4}Type: Number\n {4}Default: (\d+)/.exec(template)?.[1]);
    const lookBackMinutes = Number(/DeliveryFailuresAlarm:[\s\S]*?Period: (\d+)/.exec(template)?.[1]) / 60;
    const seen = (percent * Math.min(minutes, lookBackMinutes)) / lookBackMinutes;
    expect(seen).toBeGreaterThanOrEqual(2 * defaultRate);
  });

  it('heeds the same alarms with both functions, so that none has gone all the way when the other is stopped', () => {
    const alarms = [...template.matchAll(/Alarms:\n((?: {10}- Name: !Ref \w+\n)+)/g)].map(([, names]) => names);
    expect(alarms).toHaveLength(2);
    expect(alarms[0]).toBe(alarms[1]);
  });

  it.each([
    ['no resources', 'Resources: {}'],
    ['no group', 'Resources: { Topic: { Type: AWS::SNS::Topic } }'],
    ['a group that moves at once', groupWith('{ DeploymentConfigName: CodeDeployDefault.LambdaAllAtOnce }')],
    ['no template', ': ['],
  ])('is none with %s', (_, text) => {
    expect(canaryIn(text)).toBeUndefined();
  });

  it('may have no alarms', () => {
    expect(canaryIn(groupWith('{ DeploymentConfigName: CodeDeployDefault.LambdaCanary10Percent5Minutes }'))).toEqual({
      percent: 10,
      minutes: 5,
      alarms: [],
    });
  });
});

describe('the aliases that move', () => {
  const change = (given: Partial<ResourceChange>): ResourceChange => ({
    logicalId: 'SenderAlias',
    type: 'AWS::Lambda::Alias',
    action: 'modify',
    replacement: 'no',
    parts: ['FunctionVersion'],
    ...given,
  });

  it('are those that get another version', () => {
    expect(
      movedAliases([
        change({}),
        change({ logicalId: 'New', action: 'add' }),
        change({ logicalId: 'Gone', action: 'remove' }),
        change({ logicalId: 'Warm', parts: ['ProvisionedConcurrencyConfig'] }),
        change({ logicalId: 'SenderFunction', type: 'AWS::Lambda::Function' }),
      ]),
    ).toEqual(['SenderAlias']);
  });
});
