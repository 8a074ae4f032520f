import { channels } from '../../core/channel.ts';
import { UsageError } from '../../core/error.ts';
import type { OriginationIdentity } from '../../core/identity.ts';
import { canCall, parseIdentity } from '../../core/identity.ts';
import type { Context } from '../context.ts';
import { toCountryOrDefault } from '../country.ts';
import type { EntryChange } from '../country-entry.ts';
import { changeRoute } from '../country-entry.ts';
import type { IdentitiesSetFlags } from '../describe/identities.ts';
import { editIdentities, entryOf, shellWord } from '../edit-identities.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { readIdentities } from '../identities-file.ts';
import { findingsFor, tellFindings } from '../identity-findings.ts';

/** Says in the file whom messages to a country come from, and whether they go; checks the whole of it before it writes. */
export async function setIdentities(
  context: Context,
  typedCountry: string,
  typed: readonly string[],
  flags: IdentitiesSetFlags,
): Promise<ExitCode> {
  const country = toCountryOrDefault(typedCountry);
  const change = changeOf(country, typed.map(toIdentity), flags);
  const { workspace, identities, file } = await readIdentities(context, flags);
  const edited = editIdentities(file, country, changeRoute(identities[country], change));
  const changed = edited.text !== file?.text;
  if (changed) await workspace.write(edited);
  const findings = findingsFor(context, edited, country);
  if (flags.json === true) {
    const entry = entryOf(edited, country);
    context.stdout.write(`${JSON.stringify({ country, changed, file: edited.path, entry, findings })}\n`);
    return exit.done;
  }
  context.stderr.write(
    changed
      ? `Wrote ${country} to ${edited.path}. It holds once it is published: okta-otp catalog push\n`
      : `Nothing to write: ${edited.path} says that already.\n`,
  );
  const cannotCall = change.channels.includes('voice') && change.identities?.some(canCall) === false;
  if (cannotCall) context.stderr.write('A sender ID cannot call, so calls are as they were.\n');
  tellFindings(context, findings);
  return exit.done;
}

function changeOf(
  country: string,
  identities: readonly OriginationIdentity[],
  { channel, enabled, maxPrice, entityId, templateId }: IdentitiesSetFlags,
): EntryChange {
  const hasParameters = entityId !== undefined || templateId !== undefined;
  if (identities.length === 0 && enabled === undefined && maxPrice === undefined && !hasParameters) {
    throw new UsageError('identities-unchanged', 'nothing is named that should be set', {
      hint: `okta-otp identities set ${shellWord(country)} <identity>, or --enabled, or --max-price`,
    });
  }
  if (hasParameters && country !== 'IN') {
    throw new UsageError('parameters-not-india', 'entity id and template id are those of a DLT registration in India', {
      hint: 'set them for IN',
    });
  }
  const named = channel === undefined ? channels : [channel];
  if (channel === 'voice' && !identities.every(canCall)) {
    throw new UsageError('identity-cannot-call', 'a sender ID is a name on a text message, and cannot call', {
      hint: 'name a phone number or a pool for voice',
    });
  }
  return {
    channels: named,
    ...(identities.length === 0 ? {} : { identities }),
    ...(enabled === undefined ? {} : { switch: enabled }),
    ...(maxPrice === undefined ? {} : { maxPrice }),
    ...(hasParameters
      ? {
          parameters: {
            ...(entityId === undefined ? {} : { IN_ENTITY_ID: entityId }),
            ...(templateId === undefined ? {} : { IN_TEMPLATE_ID: templateId }),
          },
        }
      : {}),
  };
}

function toIdentity(typed: string, index: number): OriginationIdentity {
  const parsed = parseIdentity(typed);
  if (parsed.ok) return parsed.value;
  throw new UsageError('identity-invalid', `identity ${index + 1} ${parsed.problems[0]?.message ?? 'is invalid'}`, {
    hint: 'for example +33987654321, ACME, pool-… or an ARN of them',
  });
}
