import type { Channel } from '../core/channel.ts';

export interface SupportCaseFacts {
  readonly kind: 'leave' | 'spend';
  readonly channel: Channel;
  /** US dollars a month. */
  readonly limit: number | undefined;
  readonly region: string | undefined;
  /** What messages are sent to, in English. */
  readonly countries: readonly string[];
}

/** What is to be filled into AWS' form, and the description. */
export interface SupportCase {
  readonly link: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly description: string;
}

const link = 'https://support.console.aws.amazon.com/support/home#/case/create?issueType=service-limit-increase';

/**
 * The support case that lifts a limit, with everything that AWS asks for; fields that it calls optional are needed, too.
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/sandbox.html
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/awssupport-spend-threshold.html
 */
export function supportCase({ kind, channel, limit, region, countries }: SupportCaseFacts): SupportCase {
  const isSms = channel === 'sms';
  const dollars = limit === undefined ? '<US dollars a month>' : String(limit);
  const messages = isSms ? 'text messages' : 'voice messages';
  const asked =
    kind === 'leave'
      ? `please move this account out of the ${isSms ? 'SMS' : 'voice'} sandbox, with a monthly spend limit of ${dollars} US dollars`
      : `please raise the monthly spend limit of this account for ${messages} to ${dollars} US dollars`;
  return {
    link,
    fields: {
      Service: isSms ? 'AWS End User Messaging SMS (Pinpoint)' : 'AWS End User Messaging Voice (Pinpoint)',
      Region: region ?? '<Region>',
      'Resource type': 'General Limits',
      Quota:
        kind === 'leave'
          ? `${isSms ? 'SMS' : 'Voice'} Production Access`
          : `Account Spend Threshold Increase${isSms ? '' : ' (voice)'}`,
      'New limit value': dollars,
      'Type of messages': 'One Time Password',
    },
    description: [
      `Hello, ${asked}.`,
      '',
      `Use case: one-time passwords for signing in to <company> (<website>) through Okta. Okta calls our telephony inline hook, which sends one ${isSms ? 'text message' : 'call'} per code with End User Messaging. Nothing promotional is sent.`,
      'Opt-in: users add their own phone number in their Okta account and confirm it with a code, and can remove it there.',
      `Destinations: ${countries.length === 0 ? '<countries>' : countries.join(', ')}.`,
      'Volume: about <messages> a month, at most <messages> a day and <messages> a second.',
      `Message: <one of your texts: okta-otp templates preview>`,
      'Against abuse: one code per request of Okta, allow and deny lists, country blocks.',
    ].join('\n'),
  };
}
