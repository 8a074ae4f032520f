import type {
  NumberCapability,
  OriginationIdentityMetadata,
  PhoneNumberInformation,
  PoolInformation,
  RequestPhoneNumberResult,
  SenderIdInformation,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import type { AccountNumber, AccountPool, AccountSenderId, PoolMember } from '../core/account-inventory.ts';
import type { Channel } from '../core/channel.ts';

// What the SDK says may be missing is taken as empty: such an identity then matches nothing, and is shown as it came.

export const toNumber = (answer: PhoneNumberInformation | RequestPhoneNumberResult): AccountNumber => ({
  id: answer.PhoneNumberId ?? '',
  arn: answer.PhoneNumberArn ?? '',
  number: answer.PhoneNumber ?? '',
  country: answer.IsoCountryCode ?? '',
  channels: toChannels(answer.NumberCapabilities),
  type: answer.NumberType ?? '',
  status: answer.Status ?? '',
  messageType: answer.MessageType ?? '',
  registrationId: answer.RegistrationId,
  poolId: answer.PoolId,
  internationalSending: answer.InternationalSendingEnabled ?? false,
  monthlyPrice: answer.MonthlyLeasingPrice,
});

export const toSenderId = (answer: SenderIdInformation): AccountSenderId => ({
  arn: answer.SenderIdArn ?? '',
  senderId: answer.SenderId ?? '',
  country: answer.IsoCountryCode ?? '',
  registered: answer.Registered ?? false,
  registrationId: answer.RegistrationId,
  messageTypes: answer.MessageTypes ?? [],
  monthlyPrice: answer.MonthlyLeasingPrice,
});

export const toPool = (answer: PoolInformation, members: readonly PoolMember[]): AccountPool => ({
  id: answer.PoolId ?? '',
  arn: answer.PoolArn ?? '',
  status: answer.Status ?? '',
  messageType: answer.MessageType ?? '',
  sharedRoutes: answer.SharedRoutesEnabled ?? false,
  members,
});

export const toMember = (answer: OriginationIdentityMetadata): PoolMember => ({
  arn: answer.OriginationIdentityArn ?? '',
  country: answer.IsoCountryCode ?? '',
  channels: toChannels(answer.NumberCapabilities),
});

/** MMS and RCS carry no code here. */
const toChannels = (capabilities: readonly NumberCapability[] = []): readonly Channel[] => [
  ...(capabilities.includes('SMS') ? (['sms'] as const) : []),
  ...(capabilities.includes('VOICE') ? (['voice'] as const) : []),
];
