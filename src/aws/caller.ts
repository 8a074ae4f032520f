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

/** Asks AWS as whom it is called: the first thing that fails where credentials are missing or have expired. */
export async function readCaller(access: OperatorAccess, signal: AbortSignal): Promise<Caller> {
  const client = new STSClient(operatorSettings(access));
  try {
    const { Account, Arn } = await createAsk(access, 'STS')('sts:GetCallerIdentity', signal, (options) =>
      client.send(new GetCallerIdentityCommand({}), options),
    );
    const arn = Arn ?? '';
    return { account: Account ?? '', arn, partition: arn.split(':')[1] || 'aws', region: await client.config.region() };
  } finally {
    client.destroy();
  }
}
