import type { Channel } from '../core/channel.ts';
import { channels } from '../core/channel.ts';
import { OktaOtpError, UsageError } from '../core/error.ts';
import type { OriginationIdentities } from '../core/origination-identities.ts';
import type { ProtectChanges } from '../core/protect-rules.ts';
import { protectChanges } from '../core/protect-rules.ts';
import type { Context } from './context.ts';
import { countryName } from './country.ts';
import { withMessagingAccount } from './messaging-account.ts';
import type { CatalogChangeFlags, CatalogFlags } from './published-catalog.ts';
import { confirm } from './published-catalog.ts';

/** Which protect configuration follows the catalog: the option, then the environment; undefined where none does. */
export function protectConfigurationOf(
  { env }: Pick<Context, 'env'>,
  { protectConfiguration }: CatalogFlags,
): string | undefined {
  const named = protectConfiguration ?? env['OKTA_OTP_PROTECT_CONFIGURATION'] ?? '';
  if (named === '' && protectConfiguration === undefined) return undefined;
  // https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_UpdateProtectConfigurationCountryRuleSet.html
  if (/^[A-Za-z0-9_:/-]{1,256}$/.test(named)) return named;
  throw new UsageError('protect-configuration-invalid', 'the protect configuration is named by no id or ARN of one', {
    hint: 'copy it from okta-otp sandbox status, or from the console of End User Messaging',
  });
}

/** What differs between a catalog and the protect configuration, or was changed in it. */
export interface ProtectDifference {
  readonly configuration: string;
  readonly changes: Readonly<Record<Channel, ProtectChanges>>;
}

export const isEmpty = ({ changes }: ProtectDifference): boolean =>
  channels.every((channel) => Object.keys(changes[channel]).length === 0);

/** Reads what the protect configuration says otherwise than the catalog; changes nothing. */
export async function compareBlocks(
  context: Context,
  flags: CatalogFlags,
  { configuration, identities }: { readonly configuration: string; readonly identities: OriginationIdentities },
): Promise<ProtectDifference> {
  return await withMessagingAccount(context, { ...flags, json: true }, async (account) => {
    const of = async (channel: Channel) =>
      protectChanges(identities, channel, await account.protectRules(configuration, channel));
    return { configuration, changes: { sms: await of('sms'), voice: await of('voice') } };
  });
}

/** Makes the protect configuration say what the catalog says; a channel that does already is left alone. */
export async function changeBlocks(
  context: Context,
  flags: CatalogFlags,
  difference: ProtectDifference,
): Promise<void> {
  await withMessagingAccount(context, { ...flags, json: true }, async (account) => {
    for (const channel of channels) {
      const changes = difference.changes[channel];
      if (Object.keys(changes).length > 0) {
        await account.changeProtectRules(difference.configuration, channel, changes);
      }
    }
  });
}

/** One line a channel and direction: `sms: blocks Cuba, Iran`. */
export function renderBlocks({ changes }: ProtectDifference): string {
  return channels
    .flatMap((channel) =>
      (['BLOCK', 'ALLOW'] as const).flatMap((status) => {
        const countries = Object.keys(changes[channel]).filter((country) => changes[channel][country] === status);
        if (countries.length === 0) return [];
        const verb = status === 'BLOCK' ? 'blocks' : 'allows';
        return [`protect ${channel}: ${verb} ${countries.map(countryName).join(', ')}\n`];
      }),
    )
    .join('');
}

/**
 * Carries the blocks of a version that is active already. A failure here is no failure of the publication: the error says
 * that the version stands, and what to run again.
 */
export async function carryBlocks(
  context: Context,
  flags: CatalogFlags,
  {
    configuration,
    identities,
    version,
    again,
  }: {
    readonly configuration: string;
    readonly identities: OriginationIdentities;
    readonly version: number;
    /** The command that tries once more. */
    readonly again: string;
  },
): Promise<ProtectDifference> {
  const stands = `version ${version} is active, but its country blocks did not reach the protect configuration`;
  try {
    const difference = await compareBlocks(context, flags, { configuration, identities });
    await changeBlocks(context, flags, difference);
    return difference;
  } catch (cause) {
    if (context.signal.aborted) {
      if (flags.json !== true) context.stderr.write(`Interrupted: ${stands}; ${again} tries again.\n`);
      throw cause;
    }
    const why = cause instanceof OktaOtpError ? cause.message : 'something unexpected failed';
    const more = cause instanceof OktaOtpError && cause.hint !== undefined ? ` (${cause.hint})` : '';
    throw new OktaOtpError('protect-not-updated', `${stands}: ${why}`, { hint: `${again}${more}`, cause });
  }
}

/**
 * Puts right what was changed in the protect configuration behind the catalog's back, once somebody has said so: an
 * emergency block may be among it.
 */
export async function repairBlocks(
  context: Context,
  flags: CatalogChangeFlags,
  version: { readonly configuration: string; readonly identities: OriginationIdentities; readonly version: number },
): Promise<ProtectDifference | 'declined'> {
  const difference = await compareBlocks(context, flags, version);
  if (isEmpty(difference)) return difference;
  if (flags.json !== true) context.stderr.write(renderBlocks(difference));
  const question = `Make the protect configuration block what version ${version.version} blocks?`;
  if (!(await confirm(context, flags, { question, command: 'catalog push' }))) return 'declined';
  try {
    await changeBlocks(context, flags, difference);
  } catch (error) {
    if (context.signal.aborted && flags.json !== true) {
      context.stderr.write(
        'Interrupted: perhaps one channel was changed; okta-otp catalog push puts the rest right.\n',
      );
    }
    throw error;
  }
  return difference;
}
