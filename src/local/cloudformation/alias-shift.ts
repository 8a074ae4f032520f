import { isObject } from '../../core/decode.ts';
import type { CloudFormationAccount } from './account.ts';
import { canonical } from './changes.ts';
import type { Stack, StackResource } from './stack.ts';

/** An alias on its way from one version to another, by a deployment of CodeDeploy. */
export interface AliasShift {
  readonly deploymentId: string;
  readonly group: Readonly<Record<string, unknown>>;
  readonly from: Readonly<Record<string, unknown>>;
  readonly to: Readonly<Record<string, unknown>>;
  readonly startedAt: number;
  /** The share that the alias was last set to, 0 to 1. */
  share: number;
}

/** Where a shift is: on its way, over, or stopped for a reason. */
export type ShiftState = { readonly kind: 'shifting' | 'shifted' } | { readonly kind: 'stopped'; readonly why: string };

/**
 * Begins with the shift of an alias whose version changes; `undefined` if the alias moves at once.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html#cfn-attributes-updatepolicy-codedeploylambdaaliasupdate
 */
export function beginShift(
  account: CloudFormationAccount,
  stack: Stack,
  { resource, previous, updatePolicy }: Shifting,
): AliasShift | undefined {
  if (resource.type !== 'AWS::Lambda::Alias') return undefined;
  const policy = isObject(updatePolicy) ? updatePolicy['CodeDeployLambdaAliasUpdate'] : undefined;
  const { properties: from } = previous;
  const { properties: to } = resource;
  if (!isObject(policy) || canonical(from['FunctionVersion']) === canonical(to['FunctionVersion'])) return undefined;
  const name = policy['DeploymentGroupName'];
  const group = [...stack.resources.values()].find(
    ({ type, physicalId }) => type === 'AWS::CodeDeploy::DeploymentGroup' && physicalId === name,
  );
  const deploymentId = `d-${account.unique(9).toUpperCase()}`;
  return { deploymentId, group: group?.properties ?? {}, from, to, startedAt: account.now(), share: 0 };
}

interface Shifting {
  readonly resource: StackResource;
  readonly previous: StackResource;
  /** Every intrinsic function resolved. */
  readonly updatePolicy: unknown;
}

/** Looks at the clock and the alarms, and sets the weights of the alias. */
export async function advanceShift(
  account: CloudFormationAccount,
  stack: Stack,
  { shift, resource }: { readonly shift: AliasShift; readonly resource: StackResource },
): Promise<ShiftState> {
  const { group, from, to } = shift;
  // https://github.com/aws/serverless-application-model/issues/1353, of a removal
  if (canonical(from['ProvisionedConcurrencyConfig']) !== canonical(to['ProvisionedConcurrencyConfig'])) {
    const why = 'Alias with weights can not be used with Provisioned Concurrency';
    return { kind: 'stopped', why: `Resource handler returned message: "${why}"` };
  }
  const ringing = alarmsOf(group).filter((name) => account.alarmState(name) === 'ALARM');
  if (ringing.length > 0) {
    await withdrawShift(account, stack, { shift, resource, event: 'DEPLOYMENT_STOP_ON_ALARM' });
    return { kind: 'stopped', why: alarmed(shift, ringing, account.uuid()) };
  }
  const share = shareAfter(String(group['DeploymentConfigName']), account.now() - shift.startedAt);
  if (share === 1) return { kind: 'shifted' };
  if (share !== shift.share) {
    shift.share = share;
    // During the shift the version of the alias is the old one: the new one only has a weight.
    const weights = [{ FunctionVersion: to['FunctionVersion'], FunctionWeight: share }];
    await setAlias(account, stack, resource, { ...from, RoutingConfig: { AdditionalVersionWeights: weights } });
  }
  return { kind: 'shifting' };
}

/** Takes an alias back, if its group rolls back on what happened. */
export async function withdrawShift(
  account: CloudFormationAccount,
  stack: Stack,
  {
    shift,
    resource,
    event,
  }: { readonly shift: AliasShift; readonly resource: StackResource; readonly event: RollbackEvent },
): Promise<void> {
  const { AutoRollbackConfiguration: rollback } = shift.group;
  if (!isObject(rollback) || String(rollback['Enabled']) !== 'true') return;
  if (!Array.isArray(rollback['Events']) || !rollback['Events'].includes(event)) return;
  await setAlias(account, stack, resource, shift.from);
}

type RollbackEvent = 'DEPLOYMENT_STOP_ON_ALARM' | 'DEPLOYMENT_STOP_ON_REQUEST';

const setAlias = (
  account: CloudFormationAccount,
  stack: Stack,
  resource: StackResource,
  properties: Readonly<Record<string, unknown>>,
) => account.provision(stack, 'update', { ...resource, properties });

function alarmsOf({ AlarmConfiguration: configuration }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!isObject(configuration) || String(configuration['Enabled']) !== 'true') return [];
  const { Alarms: alarms } = configuration;
  return Array.isArray(alarms) ? alarms.filter(isObject).map(({ Name: name }) => String(name)) : [];
}

/** As it shows in the events of a stack; AWS does not document it. */
const alarmed = ({ deploymentId }: AliasShift, ringing: readonly string[], token: string) =>
  `Resource handler returned message: "${deploymentId} failed. One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: ${ringing.map((name) => `<${name}>`).join(' ')}" (RequestToken: ${token}, HandlerErrorCode: InternalFailure)`;

/**
 * The share of the new version, 0 to 1, with one of the configurations that CodeDeploy has.
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
function shareAfter(configuration: string, ms: number): number {
  const [, kind, percent = '', minutes = ''] =
    /^CodeDeployDefault\.Lambda(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?$/.exec(configuration) ?? [];
  const passed = Math.floor(ms / (Number(minutes) * 60_000));
  if (kind === 'Canary') return passed >= 1 ? 1 : Number(percent) / 100;
  // Without one, and with CodeDeployDefault.LambdaAllAtOnce, it moves at once.
  return kind === 'Linear' ? Math.min(1, ((passed + 1) * Number(percent)) / 100) : 1;
}
