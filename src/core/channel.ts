/** The two ways a code can travel. */
export const channels = ['sms', 'voice'] as const;
export type Channel = (typeof channels)[number];

/**
 * Okta's spelling of the channel is not reliable (`SMS`, `voice call`, `CALL`, `Voice`), so all of them are read.
 * @see https://developer.okta.com/docs/guides/telephony-inline-hook/
 */
export function parseChannel(spelling: string): Channel | undefined {
  switch (
    spelling
      .trim()
      .toLowerCase()
      .replace(/[\s_-]+/g, ' ')
  ) {
    case 'sms':
      return 'sms';
    case 'voice':
    case 'call':
    case 'voice call':
      return 'voice';
    default:
      return undefined;
  }
}

export const otherChannel = (channel: Channel): Channel => (channel === 'sms' ? 'voice' : 'sms');
