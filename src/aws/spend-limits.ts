import { DescribeSpendLimitsCommand, PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import type { OperatorAccess } from './operator.ts';
import { createAsk, operatorSettings } from './operator.ts';

/** What an account may spend on messages in a month, in US dollars. */
export interface SpendLimit {
  /** `TEXT_MESSAGE_MONTHLY_SPEND_LIMIT` and the like. */
  readonly name: string;
  /** What holds now, the account's own or lower. */
  readonly enforced: number;
  /** The most that AWS allows without being asked. */
  readonly max: number;
}

/** https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_DescribeSpendLimits.html */
export async function readSpendLimits(access: OperatorAccess, signal: AbortSignal): Promise<readonly SpendLimit[]> {
  const client = new PinpointSMSVoiceV2Client(operatorSettings(access));
  try {
    const { SpendLimits = [] } = await createAsk(access, 'End User Messaging')(
      'sms-voice:DescribeSpendLimits',
      signal,
      (options) => client.send(new DescribeSpendLimitsCommand({}), options),
    );
    return SpendLimits.map(({ Name, EnforcedLimit, MaxLimit }) => ({
      name: Name ?? '',
      enforced: EnforcedLimit ?? 0,
      max: MaxLimit ?? 0,
    }));
  } finally {
    client.destroy();
  }
}
