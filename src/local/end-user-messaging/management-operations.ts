import { boolean, integer, list, map, oneOf, structure, text } from './constraints.ts';
import type { Members, Operation } from './operations.ts';

const nameOrArn = text(1, 256, /^[A-Za-z0-9_:/-]+$/);
const identityOrArn = text(1, 256, /^[A-Za-z0-9_:/+-]+$/);
const country = text(2, 2, /^[A-Z]{2}$/);
const phoneNumber = text(1, 20, /^\+?[1-9][0-9]{1,18}$/);
const capability = oneOf(['SMS', 'VOICE', 'MMS', 'RCS']);
const messageType = oneOf(['TRANSACTIONAL', 'PROMOTIONAL']);
const few = (member: ReturnType<typeof text>) => list(0, 5, member);

const page: Members = { NextToken: text(1, 1024, /^.+$/), MaxResults: integer(1, 100) };
const owned: Members = { ...page, Owner: oneOf(['SELF', 'SHARED']) };
const creating: Members = {
  ClientToken: text(1, 64, /^[!-~]+$/),
  Tags: list(0, 200, structure({ Key: text(1, 128, /^.+$/), Value: text(0, 256, /^.*$/) })),
};

/**
 * The operations by which an account is looked at and changed, with what the service's model asks of their members.
 * Filters are not among them: the local service refuses them instead of ignoring them.
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_Operations.html
 */
export const managementOperations = {
  DescribePhoneNumbers: { required: [], members: { ...owned, PhoneNumberIds: few(nameOrArn) } },
  DescribeSenderIds: {
    required: [],
    members: { ...owned, SenderIds: list(0, 5, structure({ SenderId: nameOrArn, IsoCountryCode: country })) },
  },
  DescribePools: { required: [], members: { ...owned, PoolIds: few(nameOrArn) } },
  ListPoolOriginationIdentities: { required: ['PoolId'], members: { ...page, PoolId: nameOrArn } },
  DescribeAccountAttributes: { required: [], members: page },
  DescribeAccountLimits: { required: [], members: page },
  DescribeSpendLimits: { required: [], members: page },
  DescribeConfigurationSets: { required: [], members: { ...page, ConfigurationSetNames: few(nameOrArn) } },
  RequestPhoneNumber: {
    required: ['IsoCountryCode', 'MessageType', 'NumberCapabilities', 'NumberType'],
    members: {
      ...creating,
      IsoCountryCode: country,
      MessageType: messageType,
      NumberCapabilities: list(1, 4, capability),
      NumberType: oneOf(['LONG_CODE', 'TOLL_FREE', 'TEN_DLC', 'SIMULATOR']),
      OptOutListName: nameOrArn,
      PoolId: nameOrArn,
      RegistrationId: nameOrArn,
      InternationalSendingEnabled: boolean,
      DeletionProtectionEnabled: boolean,
    },
  },
  CreateVerifiedDestinationNumber: {
    required: ['DestinationPhoneNumber'],
    members: { ...creating, DestinationPhoneNumber: phoneNumber },
  },
  DescribeVerifiedDestinationNumbers: {
    required: [],
    members: { ...page, VerifiedDestinationNumberIds: few(nameOrArn), DestinationPhoneNumbers: few(phoneNumber) },
  },
  SendDestinationNumberVerificationCode: {
    required: ['VerifiedDestinationNumberId', 'VerificationChannel'],
    members: {
      VerifiedDestinationNumberId: nameOrArn,
      VerificationChannel: oneOf(['TEXT', 'VOICE']),
      LanguageCode: oneOf([
        ...['DE_DE', 'EN_GB', 'EN_US', 'ES_419', 'ES_ES', 'FR_CA', 'FR_FR'],
        ...['IT_IT', 'JA_JP', 'KO_KR', 'PT_BR', 'ZH_CN', 'ZH_TW'],
      ]),
      OriginationIdentity: identityOrArn,
      ConfigurationSetName: nameOrArn,
    },
  },
  VerifyDestinationNumber: {
    required: ['VerifiedDestinationNumberId', 'VerificationCode'],
    members: { VerifiedDestinationNumberId: nameOrArn, VerificationCode: text(1, 20, /^[A-Za-z0-9]+$/) },
  },
  DeleteVerifiedDestinationNumber: {
    required: ['VerifiedDestinationNumberId'],
    members: { VerifiedDestinationNumberId: nameOrArn },
  },
  CreateProtectConfiguration: { required: [], members: { ...creating, DeletionProtectionEnabled: boolean } },
  DescribeProtectConfigurations: { required: [], members: { ...page, ProtectConfigurationIds: few(nameOrArn) } },
  GetProtectConfigurationCountryRuleSet: {
    required: ['ProtectConfigurationId', 'NumberCapability'],
    members: { ProtectConfigurationId: nameOrArn, NumberCapability: capability },
  },
  UpdateProtectConfigurationCountryRuleSet: {
    required: ['ProtectConfigurationId', 'NumberCapability', 'CountryRuleSetUpdates'],
    members: {
      ProtectConfigurationId: nameOrArn,
      NumberCapability: capability,
      CountryRuleSetUpdates: map(
        300,
        country,
        structure({ ProtectStatus: oneOf(['ALLOW', 'BLOCK', 'MONITOR', 'FILTER']) }),
      ),
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type ManagementOperationName = keyof typeof managementOperations;
