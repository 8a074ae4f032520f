import type { MessagingAccount, VerifiedDestination } from '../../aws/messaging-account.ts';
import { UsageError } from '../../core/error.ts';
import { parseIdentity } from '../../core/identity.ts';
import { parsePhone } from '../../core/phone.ts';
import { Secret } from '../../core/secret.ts';
import type { Context } from '../context.ts';
import type { SandboxVerifyFlags } from '../describe/sandbox.ts';
import { withEnvironmentAccount } from '../environment-account.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';

/** Makes a number one that a sandbox account may send to: adds it, has a code sent, and verifies with it. */
export async function verifyDestination(context: Context, typed: string, flags: SandboxVerifyFlags): Promise<ExitCode> {
  const { code, from } = flags;
  const phone = phoneOf(typed);
  if (code !== undefined) refuseCode(code);
  if (from !== undefined && !parseIdentity(from).ok) {
    throw new UsageError('identity-invalid', '"--from" is no origination identity', {
      hint: 'name a phone number, sender ID or pool of okta-otp identities discover',
    });
  }
  const label = `${phone.reveal().slice(0, 3)}…${phone.reveal().slice(-2)}`;
  const tell = (state: 'verified' | 'sent', words: string) => {
    if (flags.json === true) context.stdout.write(`${JSON.stringify({ phone: label, state })}\n`);
    else context.stderr.write(`${words}\n`);
    return exit.done;
  };

  return await withEnvironmentAccount(context, flags, async (account) => {
    const destination = code === undefined ? await account.addDestination(phone) : await mustFind(account, phone);
    if (destination.verified) return tell('verified', `${label} is verified already.`);
    if (code === undefined) {
      await sendCode(context, flags, { account, destination, label });
      if (!context.isInteractive || flags.json === true) {
        return tell('sent', `The code is on its way to ${label}. Then: okta-otp sandbox verify <phone> --code <code>`);
      }
      context.stderr.write(`The code is on its way to ${label}; --code <code> takes it later, too.\n`);
    }
    const given = code ?? (await context.ask(`The code that ${label} got:`)).trim();
    refuseCode(given);
    await account.verify(destination.id, new Secret(given));
    return tell('verified', `${label} is verified: the sandbox may send to it.`);
  });
}

function phoneOf(typed: string): Secret {
  const parsed = parsePhone(typed);
  if (parsed.ok) return parsed.value.e164;
  throw new UsageError('phone-invalid', `the phone ${parsed.problems[0]?.message ?? 'is not valid'}`, {
    hint: 'okta-otp sandbox verify +34612345678',
  });
}

/** The form that the service asks for. https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_VerifyDestinationNumber.html */
function refuseCode(code: string): void {
  if (/^[A-Za-z0-9]{1,20}$/.test(code)) return;
  throw new UsageError('verification-code-invalid', 'a verification code is up to 20 letters and digits', {
    hint: 'okta-otp sandbox verify <phone> --code <code>',
  });
}

async function mustFind(account: MessagingAccount, phone: Secret): Promise<VerifiedDestination> {
  const found = await account.findDestination(phone);
  if (found !== undefined) return found;
  throw new UsageError('destination-not-added', 'no code was sent to this number: it is not among the destinations', {
    hint: 'okta-otp sandbox verify <phone> without --code adds it and sends one',
  });
}

/** A number that was added and got no code is no harm, but takes one of ten places for a day: that is said. */
async function sendCode(
  context: Context,
  { channel, from, json }: SandboxVerifyFlags,
  to: { readonly account: MessagingAccount; readonly destination: VerifiedDestination; readonly label: string },
): Promise<void> {
  try {
    await to.account.sendCode(to.destination.id, channel, from);
  } catch (error) {
    if (json !== true) context.stderr.write(`${to.label} is added, and not verified; the same command tries again.\n`);
    throw error;
  }
}
