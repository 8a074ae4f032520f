import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeConfigurationSetsCommand, PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { boolean, decode, number, object, optional, parseJson, string } from '../core/decode.ts';
import { askAws } from './ask-aws.ts';

export interface ReceiptReaderOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** What the service says became of a message, without the number that stands beside it. */
export interface ReceiptEvent {
  /** `TEXT_DELIVERED`, `VOICE_NO_ANSWER`, … */
  readonly eventType: string;
  readonly status: string | undefined;
  /** Nothing comes after it. */
  readonly isFinal: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Delivery receipts in CloudWatch Logs. Both methods reject with an error for a person, or the signal's reason. */
export interface ReceiptReader {
  /** The log groups that receipts go to: of one configuration set, or of all. None when receipts are off. */
  logGroups(configurationSet: string | undefined, signal: AbortSignal): Promise<readonly string[]>;
  /** What is known of a message by now, oldest first. `since` is in milliseconds since the epoch. */
  eventsOf(
    message: { readonly messageId: string; readonly since: number; readonly logGroups: readonly string[] },
    signal: AbortSignal,
  ): Promise<readonly ReceiptEvent[]>;
  close(): void;
}

/** The SDK warns on the console, where an operator reads errors as JSON. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html */
const receipt = object({
  eventType: string({ max: 64, pattern: /^\w+$/ }),
  eventTimestamp: number(),
  isFinal: boolean,
  messageId: string(),
  messageStatus: optional(string({ max: 64, pattern: /^\w+$/ })),
});

export function createReceiptReader({ region, profile }: ReceiptReaderOptions): ReceiptReader {
  const settings = {
    logger: silent,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
  const messaging = new PinpointSMSVoiceV2Client(settings);
  const logs = new CloudWatchLogsClient(settings);

  return {
    async logGroups(configurationSet, signal) {
      const found = new Set<string>();
      let NextToken: string | undefined;
      do {
        const command = new DescribeConfigurationSetsCommand({
          ...(configurationSet === undefined ? {} : { ConfigurationSetNames: [configurationSet] }),
          ...(NextToken === undefined ? {} : { NextToken }),
        });
        const page = await askAws(
          { what: 'configuration sets', action: 'sms-voice:DescribeConfigurationSets', profile },
          signal,
          (abortSignal) => messaging.send(command, { abortSignal }),
        );
        const destinations = (page.ConfigurationSets ?? []).flatMap(({ EventDestinations }) => EventDestinations ?? []);
        for (const { Enabled, CloudWatchLogsDestination: logsDestination } of destinations) {
          const name = nameOf(logsDestination?.LogGroupArn);
          if (Enabled === true && name !== undefined) found.add(name);
        }
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return [...found];
    },

    async eventsOf({ messageId, since, logGroups }, signal) {
      const events: ReceiptEvent[] = [];
      for (const logGroupName of logGroups) {
        let nextToken: string | undefined;
        do {
          const command = new FilterLogEventsCommand({
            logGroupName,
            startTime: since,
            filterPattern: `{ $.messageId = "${messageId}" }`,
            ...(nextToken === undefined ? {} : { nextToken }),
          });
          const page = await askAws(
            { what: 'the log group of the receipts', action: 'logs:FilterLogEvents', profile },
            signal,
            (abortSignal) => logs.send(command, { abortSignal }),
          );
          for (const { message = '' } of page.events ?? []) {
            const json = parseJson(message);
            const decoded = json.ok ? decode(receipt, json.value) : json;
            if (!decoded.ok || decoded.value.messageId !== messageId) continue;
            const { eventType, messageStatus: status, isFinal, eventTimestamp: at } = decoded.value;
            events.push({ eventType, status, isFinal, at });
          }
          nextToken = page.nextToken;
        } while (nextToken !== undefined);
      }
      return events.toSorted((a, b) => a.at - b.at);
    },

    close() {
      messaging.destroy();
      logs.destroy();
    },
  };
}

/** `arn:aws:logs:eu-west-1:123456789012:log-group:/okta-otp/receipts:*` → `/okta-otp/receipts`. */
const nameOf = (arn: string | undefined) => /:log-group:([^:*]+)/.exec(arn ?? '')?.[1];
