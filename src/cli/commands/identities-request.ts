import type { AccountNumber } from '../../core/account-inventory.ts';
import type { Channel } from '../../core/channel.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import type { Context } from '../context.ts';
import { toCountry } from '../country.ts';
import type { IdentitiesRequestFlags } from '../describe/identities-account.ts';
import { withEnvironmentAccount } from '../environment-account.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { confirm } from '../published-catalog.ts';

type Type = NonNullable<IdentitiesRequestFlags['type']>;

interface Kind {
  readonly type: 'LONG_CODE' | 'TOLL_FREE' | 'SIMULATOR';
  readonly channels: readonly Channel[];
  readonly registration: string;
}

/**
 * What AWS gives out for the US without a registration beforehand.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/phone-numbers-request.html
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/test-phone-numbers.html
 */
const kinds: Readonly<Record<Type, Kind>> = {
  'long-code': { type: 'LONG_CODE', channels: ['voice'], registration: 'none is needed for calls' },
  'toll-free': {
    type: 'TOLL_FREE',
    channels: ['sms', 'voice'],
    registration:
      'SMS takes one, which may last weeks: https://docs.aws.amazon.com/sms-voice/latest/userguide/registrations-tfn.html',
  },
  simulator: {
    type: 'SIMULATOR',
    channels: ['sms'],
    registration:
      'none, but it sends to simulated US phones only: https://docs.aws.amazon.com/sms-voice/latest/userguide/test-phone-numbers.html',
  },
};

const pricesPage = 'https://aws.amazon.com/end-user-messaging/pricing/';

/** Gets a phone number for testing, once its price was told and somebody has said yes. */
export async function requestIdentity(context: Context, flags: IdentitiesRequestFlags): Promise<ExitCode> {
  const country = toCountry(flags.country);
  const typeName = flags.type ?? (flags.capability === 'voice' ? 'long-code' : 'simulator');
  const kind = kinds[typeName];
  refuseImpossible(country, flags.capability, { typeName, kind });
  return await withEnvironmentAccount(context, flags, async (account) => {
    const same = (await account.numbers()).filter((own) => own.country === country && own.type === kind.type);
    const price = priceOf(same);
    if (flags.json !== true) {
      context.stderr.write(
        [
          `A ${country} ${typeName} number for ${kind.channels.join(' and ')}:`,
          `  price         ${price.words}`,
          `  registration  ${kind.registration}`,
          ...(same.length === 0 ? [] : [`  you have      ${same.length} of this kind already`]),
          '',
        ].join('\n'),
      );
    }
    const question = 'Request it, and pay for it every month until it is released?';
    const command = `identities request --capability ${flags.capability} --type ${typeName}`;
    if (!(await confirm(context, flags, { question, command }))) return exit.interrupted;
    const order = { country, channels: kind.channels, type: kind.type, token: context.newId() };
    const number = await account.request(order).catch((error: unknown) => {
      throw unlessKnown(context, flags, error);
    });
    tell(context, flags, number);
    return exit.done;
  });
}

const open = 'whether AWS took the request is not known';
const unanswered = ['aws-unreachable', 'aws-timeout', 'aws-failed'];

/** A request without an answer may have been taken, and then costs money. */
function unlessKnown({ signal, stderr }: Context, { json }: IdentitiesRequestFlags, cause: unknown): unknown {
  const hint = 'okta-otp identities discover shows whether there is a number more';
  if (signal.aborted && json !== true) stderr.write(`Interrupted, and ${open}: ${hint}.\n`);
  if (signal.aborted || !(cause instanceof OktaOtpError) || !unanswered.includes(cause.code)) return cause;
  return new OktaOtpError('number-request-unknown', `${open}: ${cause.message}`, { hint, cause });
}

function refuseImpossible(
  country: string,
  capability: Channel,
  { typeName, kind }: { readonly typeName: Type; readonly kind: Kind },
): void {
  if (country !== 'US') {
    throw new UsageError('number-not-requestable', 'AWS gives out numbers without a registration for US only', {
      hint: 'request it in the console: https://docs.aws.amazon.com/sms-voice/latest/userguide/phone-numbers-request.html',
    });
  }
  if (kind.channels.includes(capability)) return;
  throw new UsageError('number-not-requestable', `a US ${typeName} number cannot do ${capability}`, {
    hint: `for ${capability}: --type ${capability === 'sms' ? 'simulator or toll-free' : 'long-code or toll-free'}`,
  });
}

/** AWS tells a price with a number only; a number of the same kind that is there already has one. */
function priceOf(same: readonly AccountNumber[]) {
  const known = same.find(({ monthlyPrice }) => monthlyPrice !== undefined)?.monthlyPrice;
  const words =
    known === undefined
      ? `AWS tells it with the number, not before; its list is ${pricesPage}`
      : `${known} USD a month, as for the one that you have (list: ${pricesPage})`;
  return { known, words };
}

function tell(context: Context, { json }: IdentitiesRequestFlags, number: AccountNumber): void {
  const { id, country, channels, status, type, monthlyPrice } = number;
  const next = `okta-otp identities set ${country} ${number.number}${channels.length === 1 ? ` --channel ${channels[0]}` : ''}`;
  const release = `aws pinpoint-sms-voice-v2 release-phone-number --phone-number-id ${id}`;
  if (json === true) {
    context.stdout.write(`${JSON.stringify({ number, next, release })}\n`);
    return;
  }
  const rows = [
    `number   ${number.number} (${id})`,
    `status   ${status}`,
    `price    ${monthlyPrice ?? '?'} USD a month`,
    `use it   ${next}`,
    `release  ${release}`,
  ];
  context.stdout.write(`${rows.join('\n')}\n`);
  if (status !== 'ACTIVE') context.stderr.write('It cannot send yet: okta-otp identities check says when it can.\n');
  if (type === 'SIMULATOR') context.stderr.write('It is for tests only: codes for real phones need another number.\n');
}
