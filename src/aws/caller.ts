import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { OperatorAccess } from './operator.ts';
import { createAsk, operatorSettings } from './operator.ts';

/** As whom AWS is called. */
export interface Caller {
  /** The twelve digits of the account. */
  readonly account: string;
  readonly arn: string;
  /** `aws`, or that of China and the like. */
  readonly partition: string;
  /** As the SDK has found it. */
  readonly region: string;
}

/** It is the first to be asked: where AWS cannot be reached at all, nobody wants to wait for the rest. */
const pausesMs = [500];

/** Asks AWS as whom it is called: the first thing that fails where credentials are missing or have expired. */
export async function readCaller(access: OperatorAccess, signal: AbortSignal): Promise<Caller> {
  const client = new STSClient(operatorSettings(access));
  try {
    const { Account, Arn } = await createAsk(access, 'STS', pausesMs)('sts:GetCallerIdentity', signal, (options) =>
      client.send(new GetCallerIdentityCommand({}), options),
    );
    const arn = Arn ?? '';
    return { account: Account ?? '', arn, partition: arn.split(':')[1] || 'aws', region: await client.config.region() };
  } finally {
    client.destroy();
  }
}

/** The Region of the environment or the profile; undefined where neither names one. */
export async function configuredRegion(profile: string | undefined): Promise<string | undefined> {
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}
