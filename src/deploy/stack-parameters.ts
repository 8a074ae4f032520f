import type { Environment, TokenSettings } from './environment.ts';
import { messagingRegions } from './messaging-regions.ts';
import { identitiesBehind } from './resource-identity.ts';
import type { StackDefinition } from './stack-definition.ts';
import { toRecord } from './stack-definition.ts';
import { fingerprintOf } from './stack-fingerprint.ts';

/** As CloudFormation takes it. */
export interface StackParameter {
  readonly ParameterKey: string;
  readonly ParameterValue: string;
}

/** A function's zip in the artifact bucket. */
export interface Artifact {
  /** Named by the content. */
  readonly key: string;
  /** Of the zip's bytes. */
  readonly hash: string;
}

export interface StackInput {
  readonly environment: Environment;
  /** That the stack is deployed to, which may be another than the environment's. */
  readonly region: string;
  readonly bucket: string;
  readonly sender: Artifact;
  readonly authorizer: Artifact;
  /** The account's monthly spend limits in USD; undefined where they could not be read, and then no alarm watches them. */
  readonly spendLimits: { readonly text: number | undefined; readonly voice: number | undefined };
  /** Shifts new versions slowly. */
  readonly canary: boolean;
}

/**
 * What of a function makes no new version: who runs how often, and where the code lies. Lambda refuses to publish a
 * version that is the same as the last one. https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
const besideVersions = ['Code', 'ReservedConcurrentExecutions', 'Tags'];

/** All parameters of the stack, for settings, uploaded code and what is known of the account. */
export function toStackParameters(definition: StackDefinition, input: StackInput): readonly StackParameter[] {
  const values = { ...settingsOf(input), ...circumstancesOf(input) };
  const release = (logicalId: string, { hash }: Artifact) => {
    const properties = Object.entries(toRecord(definition.resources[logicalId]?.Properties));
    const versioned = Object.fromEntries(properties.filter(([name]) => !besideVersions.includes(name)));
    const resources = identitiesBehind(definition, versioned);
    return fingerprintOf(definition, { code: hash, configuration: versioned, resources }, values);
  };
  return Object.entries({
    ...values,
    SenderRelease: release('SenderFunction', input.sender),
    AuthorizerRelease: release('AuthorizerFunction', input.authorizer),
  }).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

function settingsOf({ environment, region }: StackInput): Record<string, string> {
  const { okta, api, functions, messaging, watching, data } = environment;
  const isIpv6 = (block: string) => block.includes(':');
  const { next } = okta;
  return {
    ...tokenSettings('', okta),
    ...tokenSettings('Next', next ?? { issuer: '', audience: undefined, clientIds: [], scope: undefined }),
    StageName: api.stage,
    HookPath: api.path.replace(/^\//, ''),
    AllowedIpv4: api.allowedAddresses.filter((block) => !isIpv6(block)).join(','),
    AllowedIpv6: api.allowedAddresses.filter(isIpv6).join(','),
    RequestsPer5Minutes: String(api.requestsPer5Minutes),
    RequestsPerSecond: String(api.throttling.ratePerSecond),
    RequestBurst: String(api.throttling.burst),
    AuthorizerTtlSeconds: String(api.authorizerTtlSeconds),
    MemoryMb: String(functions.memoryMb),
    ProvisionedConcurrency: String(functions.provisionedConcurrency),
    ReservedConcurrency: String(functions.reservedConcurrency ?? 0),
    WarmPing: String(functions.warmPing),
    LogRetentionDays: String(functions.logRetentionDays),
    MessagingRegions: messagingRegions(environment, region).join(','),
    Answers: Object.keys(messaging.answers).length === 0 ? '' : JSON.stringify(messaging.answers),
    AnswerWithinMs: String(messaging.answerWithinMs ?? ''),
    SendFloorMs: String(messaging.sendFloorMs ?? ''),
    AlarmEmail: watching.email ?? '',
    FailureRatePercent: String(watching.failureRatePercent),
    FallbackRatePercent: String(watching.fallbackRatePercent),
    BlockedRatePercent: String(watching.blockedRatePercent),
    SpendPercent: String(watching.spendPercent),
    DataProtection: String(watching.dataProtection),
    CustomerManagedKey: String(data.customerManagedKey),
  };
}

function tokenSettings(prefix: string, { issuer, audience, clientIds, scope }: TokenSettings): Record<string, string> {
  return {
    [`${prefix}Issuer`]: issuer,
    [`${prefix}Audience`]: audience ?? '',
    [`${prefix}ClientIds`]: clientIds.join(','),
    [`${prefix}Scope`]: scope ?? '',
  };
}

const circumstancesOf = ({ bucket, sender, authorizer, spendLimits, canary }: StackInput): Record<string, string> => ({
  ArtifactBucket: bucket,
  SenderKey: sender.key,
  AuthorizerKey: authorizer.key,
  TextSpendLimitUsd: String(spendLimits.text ?? 0),
  VoiceSpendLimitUsd: String(spendLimits.voice ?? 0),
  Canary: String(canary),
});
