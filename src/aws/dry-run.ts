import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { isObject } from '../core/decode.ts';
import type { Cause } from '../core/failure-policy.ts';
import type { OutgoingMessage } from '../core/messages.ts';
import { askAws } from './ask-aws.ts';
import { refusalOf, sendOn } from './messages.ts';

export interface DryRunOptions {
  /** The SDK's own unless given. */
  readonly region?: string | undefined;
  /** Of the AWS configuration files; without one the SDK's whole default chain is asked. */
  readonly profile?: string | undefined;
  readonly configurationSet?: string | undefined;
  readonly protectConfiguration?: string | undefined;
}

/** What End User Messaging would make of a message. Nothing is ever sent, and nothing is charged for. */
export interface DryRun {
  /** Whether it would be accepted, or the cause for which not; rejects with an error for a person, or the signal's reason. */
  ask(message: Omit<OutgoingMessage, 'dryRun'>, signal: AbortSignal): Promise<'accepted' | Cause>;
  close(): void;
}

/** The SDK warns on the console, where an operator reads errors as JSON. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export function createDryRun({ region, profile, configurationSet, protectConfiguration }: DryRunOptions): DryRun {
  const client = new PinpointSMSVoiceV2Client({
    logger: silent,
    // Whoever asks keeps to the limit and waits when told to: the SDK's own retries would only add to it.
    maxAttempts: 1,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  });
  return {
    async ask(message, signal) {
      const action = message.message.channel === 'sms' ? 'SendTextMessage' : 'SendVoiceMessage';
      return await askAws(
        { what: 'End User Messaging', action: `sms-voice:${action}`, profile },
        signal,
        async (inner) => {
          try {
            await sendOn(client, { ...message, dryRun: true }, { configurationSet, protectConfiguration }, inner);
            return 'accepted';
          } catch (error) {
            const cause = isDenied(error) ? undefined : refusalOf(error);
            if (cause === undefined) throw error;
            return cause;
          }
        },
      );
    },
    close: () => client.destroy(),
  };
}

/** IAM's refusal has no reason: it is about whoever asks, where one with a reason is about the account. */
const isDenied = (error: unknown) =>
  isObject(error) && error['name'] === 'AccessDeniedException' && typeof error['Reason'] !== 'string';
