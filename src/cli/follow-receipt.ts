import type { ReceiptEvent } from '../aws/receipt-reader.ts';
import { pause } from '../core/pause.ts';
import type { CallReport } from './call-report.ts';
import { readReply } from './call-report.ts';
import type { Context } from './context.ts';
import { inTime } from './in-time.ts';

/** What became of a message after the service had accepted it. */
export type Receipt =
  | { readonly kind: 'final'; readonly events: readonly ReceiptEvent[]; readonly last: ReceiptEvent }
  /** The time was over before a final event came. */
  | { readonly kind: 'pending'; readonly events: readonly ReceiptEvent[]; readonly waitedSeconds: number }
  /** No event destination in CloudWatch Logs is enabled. */
  | { readonly kind: 'off' }
  /** Nothing was accepted that could be followed, or only a dry run. */
  | { readonly kind: 'no-message' };

export interface ReceiptOptions {
  readonly seconds: number;
  readonly configurationSet: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** Events take seconds to arrive, and FilterLogEvents may be asked five times a second. */
const everyMs = 2_000;

/** The clocks of this machine and of AWS may differ. */
const skewMs = 300_000;

/** Follows a call's message, by the transaction id of the reply, to its final receipt or until the time is over. */
export async function followReceipt(
  context: Context,
  report: CallReport,
  { seconds, configurationSet, region, profile }: ReceiptOptions,
): Promise<Receipt> {
  const { clock, signal, services } = context;
  const { messageId } = readReply(report.reply);
  if (messageId === undefined || !/^[A-Za-z0-9_:/-]{1,64}$/.test(messageId)) return { kind: 'no-message' };
  const reader = await services.openReceiptReader({ region, profile });
  try {
    const logGroups = await inTime(context, (asking) => reader.logGroups(configurationSet, asking));
    if (logGroups.length === 0) return { kind: 'off' };
    const startedAt = clock.now();
    const since = startedAt - skewMs;
    for (;;) {
      const events = await inTime(context, (asking) => reader.eventsOf({ messageId, since, logGroups }, asking));
      const last = events.findLast(({ isFinal }) => isFinal);
      if (last !== undefined) return { kind: 'final', events, last };
      if (clock.now() - startedAt >= seconds * 1000) return { kind: 'pending', events, waitedSeconds: seconds };
      await pause({ clock, ms: everyMs }, signal);
    }
  } finally {
    reader.close();
  }
}

/** https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html */
const arrived: readonly string[] = ['TEXT_DELIVERED', 'TEXT_SUCCESSFUL', 'VOICE_COMPLETED', 'VOICE_ANSWERED'];

export const isDelivered = (receipt: Receipt): boolean =>
  receipt.kind === 'final' && arrived.includes(receipt.last.eventType);

/** One line about it, and a second one where there is something to do. */
export function describeReceipt(receipt: Receipt): readonly string[] {
  switch (receipt.kind) {
    case 'final':
      return [receipt.last.eventType];
    case 'pending': {
      const seen = receipt.events.at(-1)?.eventType ?? 'nothing';
      return [
        `not final after ${receipt.waitedSeconds} s: ${seen} so far`,
        'some carriers answer late or never: wait longer with --wait 300',
      ];
    }
    case 'off':
      return [
        'receipts are off: no configuration set has an enabled event destination in CloudWatch Logs',
        'turn them on: aws pinpoint-sms-voice-v2 create-event-destination --configuration-set-name <name> --event-destination-name receipts --matching-event-types ALL --cloud-watch-logs-destination IamRoleArn=<role>,LogGroupArn=<log group>, and send with that set (OKTA_OTP_CONFIGURATION_SET)',
      ];
    case 'no-message':
      return ['there is no message to follow'];
  }
}
