import {
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
  SendVoiceMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { isObject } from '../core/decode.ts';
import type { Cause } from '../core/failure-policy.ts';
import type { Messages, OutgoingMessage, SendOutcome } from '../core/messages.ts';
import type { Http } from '../net/http.ts';
import { HttpError } from '../net/http.ts';
import type { AwsAccess } from './client-settings.ts';
import { clientSettings } from './client-settings.ts';
import { causeOf } from './refusals.ts';

export interface MessagesOptions {
  readonly configurationSet: string | undefined;
  readonly protectConfiguration: string | undefined;
  /** Overrides the service's own address, for tests and the local cloud. */
  readonly endpoint: string | undefined;
}

/** Sends through AWS End User Messaging, over connections of its own. */
export function createMessages(access: AwsAccess, http: Http, options: MessagesOptions): Messages {
  const client = new PinpointSMSVoiceV2Client(
    clientSettings(access, http, { service: 'sms-voice', endpoint: options.endpoint }),
  );
  return {
    async send(message, abortSignal): Promise<SendOutcome> {
      const before = http.resends();
      const outcome = await ask(client, message, options, abortSignal);
      return http.resends() > before ? { ...outcome, resent: true } : outcome;
    },
  };
}

async function ask(
  client: PinpointSMSVoiceV2Client,
  message: OutgoingMessage,
  options: MessagesOptions,
  abortSignal: AbortSignal,
): Promise<SendOutcome> {
  try {
    const { MessageId } = await sendOn(client, message, options, abortSignal);
    // An answer without an id is no acceptance that could be followed up.
    return MessageId === undefined
      ? { kind: 'refused', cause: 'ambiguous' }
      : { kind: 'accepted', messageId: MessageId };
  } catch (error) {
    return { kind: 'refused', cause: toCause(error) };
  }
}

/** Asks the service to send, or with `dryRun` to say whether it would. */
export function sendOn(
  client: PinpointSMSVoiceV2Client,
  { to, from, message, ttlSeconds, maxPrice, context, countryParameters, dryRun }: OutgoingMessage,
  { configurationSet, protectConfiguration }: Omit<MessagesOptions, 'endpoint'>,
  abortSignal: AbortSignal,
) {
  const common = {
    DestinationPhoneNumber: to.reveal(),
    OriginationIdentity: from.value,
    MessageBody: message.body.reveal(),
    TimeToLive: ttlSeconds,
    Context: { ...context },
    DryRun: dryRun,
    ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
    ...(protectConfiguration === undefined ? {} : { ProtectConfigurationId: protectConfiguration }),
  };
  if (message.channel === 'sms') {
    const command = new SendTextMessageCommand({
      ...common,
      MessageType: 'TRANSACTIONAL',
      ...(maxPrice === undefined ? {} : { MaxPrice: maxPrice }),
      ...(countryParameters === undefined ? {} : { DestinationCountryParameters: toStrings(countryParameters) }),
    });
    return client.send(command, { abortSignal });
  }
  const command = new SendVoiceMessageCommand({
    ...common,
    MessageBodyTextType: 'SSML',
    VoiceId: message.voiceId,
    ...(maxPrice === undefined ? {} : { MaxPricePerMinute: maxPrice }),
  });
  return client.send(command, { abortSignal });
}

const toStrings = (parameters: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(parameters).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

/** What could not have reached the service is safe to try elsewhere; of anything else nobody knows whether it went out. */
function toCause(error: unknown): Cause {
  if (error instanceof HttpError) return error.sent ? 'ambiguous' : 'network';
  return refusalOf(error) ?? 'ambiguous';
}

/** The cause behind a refusal by the service; undefined for an error that is none. */
export function refusalOf(error: unknown): Cause | undefined {
  if (!isObject(error)) return undefined;
  const { name, Reason: reason, Fields: fields } = error;
  return causeOf({
    name: typeof name === 'string' ? name : '',
    reason: typeof reason === 'string' ? reason : undefined,
    fields: Array.isArray(fields) ? fields.map((field) => (isObject(field) ? String(field['Name']) : '')) : [],
  });
}
