import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManagedAccount } from '../../src/local/end-user-messaging/managed-account.ts';
import { createManagedAccount } from '../../src/local/end-user-messaging/managed-account.ts';
import type { EndUserMessaging } from '../../src/local/end-user-messaging.ts';
import { createEndUserMessaging } from '../../src/local/end-user-messaging.ts';
import { createPhoneInbox } from '../../src/local/phone.ts';
import { serve } from '../../src/local/serve.ts';
import { sdkEnv } from '../support/failures-queue.ts';
import { marked } from '../support/marked.ts';
import type { RecordingProxy } from '../support/recording-proxy.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import type { Ran } from '../support/run-bin.ts';
import { runBin } from '../support/run-bin.ts';
import { startWall } from '../support/wall.ts';
import type { PlannedResource } from './moto-cloudformation.ts';
import { createMotoCloudFormation } from './moto-cloudformation.ts';
import { createMotoFunctions } from './moto-functions.ts';
import { startMoto } from './moto-server.ts';
import type { StandIns } from './template-for-moto.ts';

/** An operator's folder, and an AWS account that moto and the local End User Messaging play together. */
export interface MotoWorld {
  /** Of moto itself, past the proxy: for a test's own look. */
  readonly url: string;
  /** Stands before moto; End User Messaging has its own. */
  readonly proxy: RecordingProxy;
  readonly messagingProxy: RecordingProxy;
  readonly messaging: { readonly account: ManagedAccount; readonly service: EndUserMessaging };
  readonly dir: string;
  /** The bucket policies that were put, which moto is not given. */
  readonly bucketPolicies: readonly string[];
  /** Where processes wanted to connect to beyond this machine; they were not let. */
  readonly outside: readonly string[];
  /** What invoked functions printed. */
  readonly lines: readonly string[];
  /** What the stack was meant to have when it was last made or changed. */
  resources(): readonly PlannedResource[];
  /** Runs `bin/okta-otp.js` as a process of its own in the folder. */
  run(...args: readonly string[]): Promise<Ran>;
  close(): Promise<void>;
}

/** moto's, which it does not let anybody choose. */
export const accountId = '123456789012';
export const region = 'us-east-1';
/** What `deploy` calls it where okta-otp.json names none. */
export const bucket = `okta-otp-${accountId}-${region}`;
/** moto makes none, so that this one of the local End User Messaging stands in for the stack's. */
export const protectConfiguration = 'protect-00000000000000000000000000000001';

const arnOf = (resource: string) => `arn:aws:sms-voice:${region}:${accountId}:${resource}`;

/** What moto's CloudFormation does not make, or does not say the name of. */
const standIns: StandIns = {
  ApiStage: { Ref: 'StageName' },
  SenderAlias: { Ref: 'SenderFunction' },
  AuthorizerAlias: { Ref: 'AuthorizerFunction' },
  ConfigurationSet: { Ref: 'AWS::StackName' },
  'ConfigurationSet.Arn': arnOf('configuration-set/okta-otp'),
  'ProtectConfiguration.ProtectConfigurationId': protectConfiguration,
  'ProtectConfiguration.Arn': arnOf(`protect-configuration/${protectConfiguration}`),
};

/** The aliases exist once the stack has come up, and the queue is reached through the proxy. */
const outputStandInsAt = (proxyUrl: string): StandIns => ({
  SenderAlias: { 'Fn::Sub': '${SenderFunction.Arn}:live' },
  AuthorizerAlias: { 'Fn::Sub': '${AuthorizerFunction.Arn}:live' },
  FailuresQueue: { 'Fn::Sub': `${proxyUrl}/${accountId}/\${FailuresQueue.QueueName}` },
});

export async function startMotoWorld(): Promise<MotoWorld> {
  const binary = process.env['MOTO_SERVER'];
  if (binary === undefined) throw new Error('MOTO_SERVER is not set: run npm run test:aws');
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'okta-otp-moto-')));
  const moto = await startMoto(binary);

  let ids = 0;
  const account = createManagedAccount(
    { accountId, region, protectConfigurations: [protectConfiguration] },
    {
      now: Date.now,
      newId: () => {
        ids += 1;
        return `${ids}`.padStart(32, '0');
      },
      newCode: () => marked.otp,
    },
  );
  const service = createEndUserMessaging({ inbox: createPhoneInbox(), now: Date.now, account });
  const messaging = await serve(service.serve);
  const messagingProxy = await startRecordingProxy(messaging.url);

  const functions = createMotoFunctions({ url: moto.url, messagingUrl: messaging.url, bucket });
  const bucketPolicies: string[] = [];
  const proxy = await startRecordingProxy(moto.url, async (passing) => {
    const { service: name, operation } = passing.call;
    if (name === 'cloudformation') return await cloudformation.answer(passing);
    if (name === 'lambda' && operation.endsWith('/invocations')) return await functions.answer(passing);
    // moto takes a denial whose condition does not hold for one that does, and would let nobody in any more.
    if (name === 's3' && operation.startsWith('PUT') && operation.endsWith('?policy')) {
      bucketPolicies.push(new TextDecoder().decode(passing.body));
      return new Response(null, { status: 204 });
    }
    return await passing.forward();
  });

  const cloudformation = createMotoCloudFormation(moto.url, { standIns, outputStandIns: outputStandInsAt(proxy.url) });
  const wall = await startWall();
  const parts: readonly { close(): Promise<void> | void }[] = [
    proxy,
    messagingProxy,
    messaging,
    wall,
    cloudformation,
    functions,
    moto,
  ];
  const env = {
    ...sdkEnv,
    AWS_ENDPOINT_URL: proxy.url,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: messagingProxy.url,
    // https://nodejs.org/api/cli.html#node_use_env_proxy1
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: wall.url,
    NO_PROXY: '127.0.0.1',
    NO_COLOR: '1',
    OKTA_OTP_CATALOG_TABLE: '',
    OKTA_OTP_FAILURES_QUEUE_URL: '',
    OKTA_OTP_PROTECT_CONFIGURATION: '',
  };
  return {
    url: moto.url,
    proxy,
    messagingProxy,
    messaging: { account, service },
    dir,
    bucketPolicies,
    outside: wall.turnedAway,
    lines: functions.lines,
    resources: cloudformation.resources,
    run: (...args) => runBin(args, { cwd: dir, env }),
    async close() {
      for (const part of parts) await part.close();
      await rm(dir, { recursive: true });
    },
  };
}
