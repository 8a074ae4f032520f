import type { MessagingAccount } from '../aws/messaging-account.ts';
import type { Context } from './context.ts';
import { inTime } from './in-time.ts';

/** As commander has parsed them. */
export interface AccountFlags {
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/** Opens End User Messaging for as long as `use` takes; each of its requests ends in time, and it says what it waits for. */
export async function withMessagingAccount<T>(
  context: Context,
  { region, profile, json }: AccountFlags,
  use: (account: MessagingAccount) => Promise<T>,
): Promise<T> {
  const account = await context.services.openMessagingAccount({
    region,
    profile,
    clock: context.clock,
    signal: context.signal,
    inTime: (request) => inTime(context, request),
    onProgress: (words) => {
      if (json !== true) context.stderr.write(`… ${words}\n`);
    },
  });
  try {
    return await use(account);
  } finally {
    account.close();
  }
}
