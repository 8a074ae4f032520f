import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { askAws } from './ask-aws.ts';

export interface CallerAccountOptions {
  readonly region?: string;
  /** Of the AWS configuration files; without one the SDK's whole default chain is asked. */
  readonly profile?: string;
}

/** The twelve digits of the account whose credentials these are; takes no permission. Rejects with an error for a person. */
export async function callerAccount(
  { region, profile }: CallerAccountOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const client = new STSClient({
    // The SDK warns on the console, where an operator reads errors as JSON.
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  });
  try {
    const { Account } = await askAws({ what: 'STS', action: 'sts:GetCallerIdentity' }, signal, (abortSignal) =>
      client.send(new GetCallerIdentityCommand({}), { abortSignal }),
    );
    return Account;
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
