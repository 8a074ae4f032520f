import type { ResourceType } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { parseIdentity } from '../../core/identity.ts';
import type { Phone } from '../../core/phone.ts';
import type { Exception } from './exceptions.ts';
import { conflict, notFound, validation } from './exceptions.ts';

export type Capability = 'SMS' | 'VOICE';

/** An origination identity of the account. */
export interface OwnedIdentity {
  readonly kind: 'phone-number' | 'sender-id' | 'pool';
  /** The values that name it: the number or sender ID, its id, its ARN. */
  readonly values: readonly string[];
  readonly capabilities: readonly Capability[];
  readonly status: 'ACTIVE' | 'PENDING' | 'DELETED';
  /** The destinations that it can reach, ISO 3166-1 alpha-2; all if absent. */
  readonly countries?: readonly string[];
}

/** What the account has and forbids. Read anew for every request, so that a set may change while the service runs. */
export interface Account {
  /** Absent: every well-formed identity counts as owned, active and able to do what its kind can. */
  readonly identities?: readonly OwnedIdentity[];
  /** Numbers (E.164) whose owners replied STOP. */
  readonly optedOut?: ReadonlySet<string>;
  /** The rules that every send meets, whichever protect configuration it names. */
  readonly protect?: ProtectRules;
  /** The rules of the protect configuration that a send names, or of the account's own where it names none. */
  readonly protectRules?: (named: string | undefined) => ProtectRules | 'unknown' | undefined;
  /** Present while the account is in the sandbox: the only numbers (E.164) that it may send to. */
  readonly verified?: ReadonlySet<string> | undefined;
}

/** Countries (ISO 3166-1 alpha-2) blocked by channel, and rules for single numbers (E.164). */
export interface ProtectRules {
  readonly blockedCountries?: Readonly<Partial<Record<Capability, ReadonlySet<string>>>>;
  readonly numbers?: ReadonlyMap<string, 'ALLOW' | 'BLOCK'>;
}

export type Sender =
  | { readonly kind: 'sender'; readonly label: string }
  | { readonly kind: 'refused'; readonly exception: Exception };

/** Whom a message comes from, as the handset shows it; without an identity the service takes one that can. */
export function senderOf(account: Account, named: string | undefined, to: Phone, needs: Capability): Sender {
  const parsed = named === undefined ? undefined : parseIdentity(named);
  // Whole: it is the operator's own number, and a handset shows it so.
  const label = named;
  // A sender ID may be owned once a country: the one that reaches the destination is meant.
  const meant = account.identities?.filter(({ values }) => named !== undefined && values.includes(named)) ?? [];
  const owned = meant.find((identity) => refusalOfIdentity(identity, to, needs) === undefined) ?? meant[0];

  // Said of the form alone: SendVoiceMessage does not take a sender ID, whether it exists or not.
  const isSenderId = owned?.kind === 'sender-id' || (parsed?.ok && parsed.value.kind.startsWith('sender-id'));
  if (isSenderId && needs === 'VOICE') {
    const problem = { field: 'OriginationIdentity', message: 'must be a phone number or a pool' };
    return refused(validation('INVALID_PARAMETER', 'a sender ID cannot call', [problem]));
  }

  if (named === undefined || label === undefined) {
    const able = account.identities?.some((identity) => refusalOfIdentity(identity, to, needs) === undefined) ?? true;
    return able ? { kind: 'sender', label: 'shared route' } : refused(noIdentityFound);
  }
  if (account.identities === undefined) return parsed?.ok ? { kind: 'sender', label } : refused(unknown(named));
  const exception = owned === undefined ? unknown(named) : refusalOfIdentity(owned, to, needs);
  return exception === undefined ? { kind: 'sender', label } : refused(exception);
}

const refused = (exception: Exception): Sender => ({ kind: 'refused', exception });

const noIdentityFound = conflict('NO_ORIGINATION_IDENTITIES_FOUND', 'no origination identity can send this message');

function unknown(named: string): Exception {
  if (named.startsWith('arn:') && !parseIdentity(named).ok) {
    const problem = { field: 'OriginationIdentity', message: 'must be the ARN of an origination identity' };
    return validation('INVALID_ARN', 'the origination identity is not an ARN of this service', [problem]);
  }
  const type: ResourceType = /(?:^|:)pool[-/]/.test(named)
    ? 'pool'
    : /^\+?\d+$|(?:^|:)phone(?:-number)?[-/]/.test(named)
      ? 'phone-number'
      : 'sender-id';
  return notFound(type, named);
}

function refusalOfIdentity(identity: OwnedIdentity, to: Phone, needs: Capability): Exception | undefined {
  const { kind, values, status, capabilities, countries } = identity;
  const resource = { type: kind, id: values[0] ?? '' };
  if (status !== 'ACTIVE') return conflict('RESOURCE_NOT_ACTIVE', 'the origination identity is not active', resource);
  if (!capabilities.includes(needs)) {
    // A pool has no capabilities of its own, only members with or without them.
    return kind === 'pool'
      ? noIdentityFound
      : conflict('NUMBER_CAPABILITIES_MISMATCH', `the origination identity cannot do ${needs}`, resource);
  }
  if (countries === undefined || (to.country !== undefined && countries.includes(to.country))) return undefined;
  if (kind === 'pool') return noIdentityFound;
  const problem = { field: 'OriginationIdentity', message: 'must be able to reach the destination country' };
  return validation('INVALID_IDENTITY_FOR_DESTINATION_COUNTRY', problem.message, [problem]);
}

/**
 * Why the account must not send to a number: an opt-out holds whatever the protect configuration says, and there a rule
 * for the number itself goes before that of its country.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/protect-rule-override-rules-processing.html
 */
export function refusalOfDestination(
  account: Account,
  to: Phone,
  {
    channel,
    protectConfiguration,
  }: { readonly channel: Capability; readonly protectConfiguration: string | undefined },
): Exception | undefined {
  const named = account.protectRules?.(protectConfiguration);
  if (named === 'unknown') return notFound('protect-configuration', protectConfiguration ?? '');
  const number = to.e164.reveal();
  if (account.verified?.has(number) === false) {
    return conflict('DESTINATION_PHONE_NUMBER_NOT_VERIFIED', 'the account is in the sandbox', {
      type: 'verified-destination-number',
      id: number,
    });
  }
  if (account.optedOut?.has(number)) {
    return conflict('DESTINATION_PHONE_NUMBER_OPTED_OUT', 'the recipient has opted out', {
      type: 'opted-out-number',
      id: number,
    });
  }
  const protect = named ?? account.protect;
  const rule = protect?.numbers?.get(number);
  if (rule === 'BLOCK') {
    return conflict('DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE', 'the number is blocked');
  }
  const blocked = protect?.blockedCountries?.[channel];
  return rule === undefined && to.country !== undefined && blocked?.has(to.country)
    ? conflict('DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION', 'the country is blocked')
    : undefined;
}
