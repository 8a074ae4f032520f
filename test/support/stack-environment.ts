import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../src/deploy/environment.ts';
import type { StackDefinition } from '../../src/deploy/stack-definition.ts';
import { parseStackTemplate } from '../../src/deploy/stack-definition.ts';
import type { StackInput } from '../../src/deploy/stack-parameters.ts';

export const stackPath = join(import.meta.dirname, '..', '..', 'cloudformation', 'okta-otp.yaml');
export const stackText = readFileSync(stackPath, 'utf8');
export const stackDefinition = (): StackDefinition => parseStackTemplate(stackText);

/** An environment with the settings that it gets when nothing but the issuer is named. */
export function stackEnvironment(change: Partial<Environment> = {}): Environment {
  return {
    name: 'prod',
    region: 'eu-west-1',
    profile: undefined,
    account: undefined,
    production: false,
    namePrefix: 'okta-otp',
    stackName: 'okta-otp-prod',
    catalog: 'catalog',
    artifactBucket: undefined,
    artifactPrefix: undefined,
    okta: {
      issuer: 'https://acme.okta.com/oauth2/default',
      audience: undefined,
      clientIds: [],
      scope: undefined,
      next: undefined,
    },
    api: {
      stage: 'prod',
      path: '/mfa',
      allowedAddresses: [],
      requestsPer5Minutes: 10_000,
      throttling: { ratePerSecond: 500, burst: 1_000 },
      authorizerTtlSeconds: 300,
    },
    functions: {
      memoryMb: 1_024,
      provisionedConcurrency: 0,
      reservedConcurrency: undefined,
      warmPing: false,
      logRetentionDays: 30,
    },
    messaging: { regions: undefined, answers: {}, answerWithinMs: undefined, sendFloorMs: undefined },
    watching: {
      email: undefined,
      failureRatePercent: 5,
      fallbackRatePercent: 10,
      blockedRatePercent: 20,
      spendPercent: 80,
      dataProtection: false,
    },
    data: { customerManagedKey: false },
    tags: {},
    ...change,
  };
}

export function stackInput(environment: Partial<Environment> = {}, change: Partial<StackInput> = {}): StackInput {
  return {
    environment: stackEnvironment(environment),
    region: 'eu-west-1',
    bucket: 'artifacts',
    sender: { key: 'sender/5e4d.zip', hash: '5e4d' },
    authorizer: { key: 'authorizer/a07b.zip', hash: 'a07b' },
    spendLimits: { text: 1_000, voice: 50 },
    canary: false,
    ...change,
  };
}

/** Everything that can be switched on. */
export const everyOption = (): StackInput =>
  stackInput(
    {
      okta: {
        issuer: 'https://acme.okta.com/oauth2/default',
        audience: 'api://otp',
        clientIds: ['0oa1', '0oa2'],
        scope: 'telephony.hook',
        next: {
          issuer: 'https://new.okta.com/oauth2/default',
          audience: 'api://new',
          clientIds: ['0oa3'],
          scope: 'telephony.new',
        },
      },
      api: {
        stage: 'live',
        path: '/otp',
        allowedAddresses: ['203.0.113.0/24', '2001:db8::/32', '198.51.100.7/32'],
        requestsPer5Minutes: 20_000,
        throttling: { ratePerSecond: 50, burst: 80 },
        authorizerTtlSeconds: 120,
      },
      functions: {
        memoryMb: 2_048,
        provisionedConcurrency: 2,
        reservedConcurrency: 20,
        warmPing: true,
        logRetentionDays: 90,
      },
      messaging: {
        regions: ['eu-west-1', 'us-east-1'],
        answers: { 'country-unlisted': 'suppress' },
        answerWithinMs: 2_000,
        sendFloorMs: 400,
      },
      watching: {
        email: 'ops@acme.example',
        failureRatePercent: 2.5,
        fallbackRatePercent: 7,
        blockedRatePercent: 33,
        spendPercent: 60,
        dataProtection: true,
      },
      data: { customerManagedKey: true },
    },
    { canary: true },
  );
