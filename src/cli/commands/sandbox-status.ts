import type { AccountStanding, SpendLimit } from '../../aws/messaging-account.ts';
import { printable } from '../../core/printable.ts';
import type { Context } from '../context.ts';
import type { EnvironmentAccountFlags } from '../environment-account.ts';
import { withEnvironmentAccount } from '../environment-account.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';

/** Shows what the account may do, and what fails because of it; ends with 3 in the sandbox. */
export async function showSandboxStatus(context: Context, flags: EnvironmentAccountFlags): Promise<ExitCode> {
  const { region, standing } = await withEnvironmentAccount(context, flags, async (account) => ({
    region: await account.region(),
    standing: await account.standing(),
  }));
  const isSandbox = standing.tier === 'SANDBOX';
  const limited = limitsOf(standing);
  if (flags.json === true) {
    context.stdout.write(`${JSON.stringify({ region, sandbox: isSandbox, ...standing, limited })}\n`);
    return isSandbox ? exit.notGood : exit.done;
  }
  const { tier, verified, spend, accountProtectConfiguration } = standing;
  const rows = [
    `tier      ${printable(tier)} in ${region}`,
    `verified  ${verified.used} of ${verified.max} destinations`,
    ...spend
      .filter(carriesCodes)
      .map(({ of, enforced, max }) => `spend     ${of}: ${enforced} USD a month, ${max} at most`),
    ...(accountProtectConfiguration === undefined
      ? []
      : [`protect   ${printable(accountProtectConfiguration)} holds where a send names none`]),
    ...limited.map((words) => `fails     ${words}`),
  ];
  context.stdout.write(`${rows.join('\n')}\n`);
  context.stderr.write('How much of a limit is spent AWS does not tell here; the console and CloudWatch do.\n');
  if (isSandbox) {
    context.stderr.write(
      'okta-otp sandbox verify <phone> adds a destination; okta-otp sandbox request writes the case for leaving.\n',
    );
  }
  return isSandbox ? exit.notGood : exit.done;
}

/** No code is a picture, and Notify is not used. */
const carriesCodes = ({ of }: SpendLimit) => of === 'text' || of === 'voice';

/**
 * What a limit keeps from going out, in words.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/sandbox.html
 */
function limitsOf({ tier, verified, spend }: AccountStanding): readonly string[] {
  const spendWords = spend
    .filter((limit) => carriesCodes(limit) && limit.enforced <= 1)
    .map(({ of, enforced }) => `${of === 'text' ? 'SMS' : 'calls'} beyond ${enforced} USD a month (spend-limit)`);
  if (tier !== 'SANDBOX') return spendWords;
  return [
    'every message to a number that is not verified (sandbox-unverified)',
    'calls beyond 20 a day, 5 a day to one number, or 30 seconds',
    ...spendWords,
    ...(verified.used >= verified.max ? ['another verified destination: there are as many as can be'] : []),
  ];
}
