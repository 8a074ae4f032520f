import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResourceAction } from '../../../src/local/cloudformation/account.ts';
import type { Started } from './fake-stack.ts';
import { stackName, startCloudFormation } from './fake-stack.ts';

const minute = 60_000;
const rollsBack = '[DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM, DEPLOYMENT_STOP_ON_REQUEST]';

interface Settings {
  /** What makes the versions new ones. */
  readonly release?: string;
  readonly configuration?: string;
  readonly events?: string;
  readonly policy?: boolean;
  readonly concurrency?: number;
}

/** Two functions whose aliases shift, each with a group and an alarm of its own. */
function templateOf(settings: Settings = {}): string {
  const { release = 'one', configuration = 'LambdaCanary10Percent15Minutes', events = rollsBack } = settings;
  const { policy = true, concurrency } = settings;
  const names = ['Sender', 'Authorizer'];
  const functions = names.map(
    (name) => `
  ${name}Alias:
    Type: AWS::Lambda::Alias${policy ? policyOf(name) : ''}
    Properties:
      Name: live
      FunctionName: !Ref ${name}
      FunctionVersion: !GetAtt ${name}Version.Version
      ${concurrency === undefined ? '' : `ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: ${concurrency} }`}
  ${name}Version:
    Type: AWS::Lambda::Version
    UpdateReplacePolicy: Retain
    Properties: { FunctionName: !Ref ${name}, Description: ${release} }
  ${name}: { Type: AWS::Lambda::Function, Properties: {} }`,
  );
  const groups = names.map(
    (name) => `
  ${name}Group:
    Type: AWS::CodeDeploy::DeploymentGroup
    Properties:
      ApplicationName: !Ref Application
      DeploymentConfigName: CodeDeployDefault.${configuration}
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: !Ref ${name}Alarm }] }
      AutoRollbackConfiguration: { Enabled: true, Events: ${events} }
  ${name}Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { ComparisonOperator: GreaterThanThreshold } }`,
  );
  const application =
    '\n  Application: { Type: AWS::CodeDeploy::Application, Properties: { ComputePlatform: Lambda } }';
  return `Resources:${[...functions, ...(policy ? [...groups, application] : [])].join('')}\n`;
}

const policyOf = (name: string) => `
    UpdatePolicy:
      CodeDeployLambdaAliasUpdate: { ApplicationName: !Ref Application, DeploymentGroupName: !Ref ${name}Group }`;

let now: number;
let ringing: Set<string>;
let seen: ResourceAction[];
let stack: Started;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  ringing = new Set();
  seen = [];
  stack = await startCloudFormation({
    now: () => now,
    alarmState: (name) => (ringing.has(name) ? 'ALARM' : 'OK'),
    provision: (action) => void seen.push(action),
  });
});
afterEach(() => stack.close());

const created = (settings?: Settings) => stack.deploy('CREATE', { TemplateBody: templateOf(settings) });
const updated = (settings?: Settings, execution = {}) =>
  stack.deploy('UPDATE', { TemplateBody: templateOf({ release: 'two', ...settings }) }, execution);

async function pass(minutes: number) {
  now += minutes * minute;
  await stack.cloudFormation.settle();
}

const resource = (id: string) => stack.cloudFormation.stack(stackName)?.resources.get(id);
const statusOf = (id: string) => resource(id)?.status;
const status = () => stack.cloudFormation.stack(stackName)?.status;

/** An alias as it was last set: its version, and the weight of another. */
function aliasOf(name: string) {
  const action = seen.findLast(({ logicalId }) => logicalId === `${name}Alias`);
  const { FunctionVersion, RoutingConfig } = action?.properties ?? {};
  return RoutingConfig === undefined ? { FunctionVersion } : { FunctionVersion, RoutingConfig };
}

const shifting = (weight: number) => ({
  FunctionVersion: '1',
  RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: '2', FunctionWeight: weight }] },
});

describe('an alias that CodeDeploy updates', () => {
  it('A1: keeps its version while it shifts, and the new one has a weight', async () => {
    await created();
    await updated();
    expect(status()).toBe('UPDATE_IN_PROGRESS');
    expect(statusOf('SenderAlias')).toBe('UPDATE_IN_PROGRESS');
    expect(aliasOf('Sender')).toEqual(shifting(0.1));
  });

  it('A2: has all requests after the time of its configuration, and the stack is complete then', async () => {
    await created();
    await updated();
    await pass(14);
    expect(status()).toBe('UPDATE_IN_PROGRESS');
    await pass(1);
    expect(status()).toBe('UPDATE_COMPLETE');
    expect(aliasOf('Sender')).toEqual({ FunctionVersion: '2' });
  });

  it.each([
    ['LambdaLinear10PercentEvery1Minute', [0.1, 0.2, 0.3]],
    ['LambdaLinear10PercentEvery2Minutes', [0.1, 0.1, 0.2]],
    ['LambdaCanary10Percent5Minutes', [0.1, 0.1, 0.1]],
  ])('A2: %s has these shares minute by minute', async (configuration, shares) => {
    await created({ configuration });
    await updated({ configuration });
    for (const share of shares) {
      expect(aliasOf('Sender')).toEqual(shifting(share));
      await pass(1);
    }
    await pass(20);
    expect(status()).toBe('UPDATE_COMPLETE');
  });

  it('A2: moves at once with a configuration that says so', async () => {
    await created({ configuration: 'LambdaAllAtOnce' });
    await updated({ configuration: 'LambdaAllAtOnce' });
    expect(status()).toBe('UPDATE_COMPLETE');
  });

  it('A3: is made where it belongs, for there is nothing to shift', async () => {
    await created();
    expect(status()).toBe('CREATE_COMPLETE');
    expect(aliasOf('Sender')).toEqual({ FunctionVersion: '1' });
  });

  it('A4: goes back when an alarm of its group goes off, and the stack with it', async () => {
    await created();
    await updated();
    await pass(3);
    const alarm = resource('SenderAlarm')?.physicalId ?? '';
    ringing.add(alarm);
    await stack.cloudFormation.settle();
    expect(status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(aliasOf('Sender')).toEqual({ FunctionVersion: '1' });
    const story = await stack.story();
    const failure = story.find((event) => event.startsWith('SenderAlias UPDATE_FAILED')) ?? '';
    expect(failure).toMatch(/Resource handler returned message: "d-[0-9A-F]{9} failed\. One or more alarms/);
    expect(failure).toContain(`Activated alarms: <${alarm}>" (RequestToken: `);
    // The other one was stopped on request, and went back too.
    expect(story).toContain('AuthorizerAlias UPDATE_FAILED: Resource update cancelled');
    expect(aliasOf('Authorizer')).toEqual({ FunctionVersion: '1' });
  });

  it('A4: does not begin to shift while an alarm of its group rings', async () => {
    await created();
    ringing.add(resource('SenderAlarm')?.physicalId ?? '');
    await updated();
    expect(status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(seen.some(({ logicalId, properties }) => logicalId === 'SenderAlias' && 'RoutingConfig' in properties)).toBe(
      false,
    );
  });

  it('A5: is taken back by CodeDeploy itself, whether the stack goes back or not', async () => {
    await created();
    await updated({}, { DisableRollback: true });
    ringing.add(resource('SenderAlarm')?.physicalId ?? '');
    await stack.cloudFormation.settle();
    expect(status()).toBe('UPDATE_FAILED');
    expect([aliasOf('Sender'), aliasOf('Authorizer')]).toEqual([{ FunctionVersion: '1' }, { FunctionVersion: '1' }]);
  });

  it('A5: stays as it is when its group does not roll back on that', async () => {
    await created({ events: '[DEPLOYMENT_FAILURE]' });
    await updated({ events: '[DEPLOYMENT_FAILURE]' }, { DisableRollback: true });
    ringing.add(resource('SenderAlarm')?.physicalId ?? '');
    await stack.cloudFormation.settle();
    expect(status()).toBe('UPDATE_FAILED');
    expect(aliasOf('Sender')).toEqual(shifting(0.1));
    expect(aliasOf('Authorizer')).toEqual(shifting(0.1));
  });

  it('A6: moves at once when the policy goes with the same update, whose clean-up removes the group', async () => {
    await created();
    await updated({ policy: false });
    expect(status()).toBe('UPDATE_COMPLETE');
    const story = await stack.story();
    expect(aliasOf('Sender')).toEqual({ FunctionVersion: '2' });
    expect(story.indexOf('SenderAlias UPDATE_COMPLETE')).toBeLessThan(story.indexOf('SenderGroup DELETE_IN_PROGRESS'));
  });

  it('A7: waits for what its policy refers to, and shifts in the very update that brings it', async () => {
    await created({ policy: false });
    await updated();
    const story = await stack.story();
    expect(story.indexOf('SenderGroup CREATE_COMPLETE')).toBeGreaterThan(0);
    expect(story.indexOf('SenderGroup CREATE_COMPLETE')).toBeLessThan(story.indexOf('SenderAlias UPDATE_IN_PROGRESS'));
    expect(aliasOf('Sender')).toEqual(shifting(0.1));
  });

  it('A8: cannot get another provisioned concurrency with it', async () => {
    await created({ concurrency: 1 });
    await updated({ concurrency: 2 });
    expect(status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await stack.story()).join('\n')).toContain(
      'Alias with weights can not be used with Provisioned Concurrency',
    );
  });

  it('A8: shifts with the one that it has', async () => {
    await created({ concurrency: 1 });
    await updated({ concurrency: 1 });
    expect(aliasOf('Sender')).toEqual(shifting(0.1));
  });

  it('A9: shifts together with others', async () => {
    await created();
    await updated();
    expect([aliasOf('Sender'), aliasOf('Authorizer')]).toEqual([shifting(0.1), shifting(0.1)]);
    await pass(15);
    expect([statusOf('SenderAlias'), statusOf('AuthorizerAlias')]).toEqual(['UPDATE_COMPLETE', 'UPDATE_COMPLETE']);
  });
});
