import { OktaOtpError } from '../core/error.ts';
import type { StackInput } from '../deploy/stack-parameters.ts';
import type { Context } from './context.ts';
import type { Deployment } from './deployment.ts';
import { inTime } from './in-time.ts';

/** What the account may spend in a month and whether it is in the sandbox; undefined with the reason where it cannot be read. */
export type Standing =
  | { readonly tier: string; readonly limits: StackInput['spendLimits'] }
  | { readonly tier: undefined; readonly why: string; readonly hint: string | undefined };

/** Reads what End User Messaging lets the account do. That it cannot be read keeps nobody from a deployment. */
export async function readStanding(context: Context, { access }: Pick<Deployment, 'access'>): Promise<Standing> {
  const { clock, signal, services } = context;
  const account = await services.openMessagingAccount({
    region: access.region,
    profile: access.profile,
    clock,
    signal,
    inTime: (request) => inTime(context, request),
  });
  try {
    const { tier, spend } = await account.standing();
    const limitOf = (channel: string) => spend.find((limit) => limit.of === channel)?.enforced;
    return { tier, limits: { text: limitOf('text'), voice: limitOf('voice') } };
  } catch (error) {
    if (!(error instanceof OktaOtpError)) throw error;
    return { tier: undefined, why: error.message, hint: error.hint };
  } finally {
    account.close();
  }
}
