import type { AccountInventory } from '../core/account-inventory.ts';
import { OktaOtpError } from '../core/error.ts';
import type { Context } from './context.ts';
import { inTime } from './in-time.ts';
import type { AccountFlags } from './messaging-account.ts';
import { withMessagingAccount } from './messaging-account.ts';

/** What was found of an account and Region; each part is undefined where it could not be looked at. */
export interface DetectedAccount {
  readonly account: string | undefined;
  /** SANDBOX or PRODUCTION. */
  readonly tier: string | undefined;
  readonly inventory: AccountInventory | undefined;
  /** Why the rest is not known, and what to do about it. */
  readonly notes: readonly string[];
}

/** Looks at the account as far as the credentials reach; a refusal becomes a note, since nothing depends on it yet. */
export async function detectAccount(context: Context, flags: AccountFlags): Promise<DetectedAccount> {
  const notes: string[] = [];
  const attempt = async <T>(what: string, look: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      // Ctrl-C and bugs are none of those.
      if (!(error instanceof OktaOtpError)) throw error;
      notes.push(`${what} is not known: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`);
      return undefined;
    }
  };
  const account = await attempt('the account', () =>
    inTime(context, async (signal) => {
      const access = { region: flags.region, profile: flags.profile, clock: context.clock };
      return (await context.services.readCaller(access, signal)).account;
    }),
  );
  // Whatever keeps STS from answering keeps everything else, and would be told twice.
  if (account === undefined) return { account, tier: undefined, inventory: undefined, notes };
  return await withMessagingAccount(context, flags, async (messaging) => {
    const standing = await attempt('whether it is in the sandbox', () => messaging.standing());
    const inventory = await attempt('whom it can send from', () => messaging.inventory());
    return { account, tier: standing?.tier, inventory, notes };
  });
}
