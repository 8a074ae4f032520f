import type { Cause } from './failure-policy.ts';
import type { OriginationIdentity } from './identity.ts';
import type { CountryParameters } from './origination-identities.ts';
import type { RenderedMessage } from './render.ts';
import type { Secret } from './secret.ts';

/** One message on its way to the service, ready to go. */
export interface OutgoingMessage {
  readonly to: Secret;
  readonly from: OriginationIdentity;
  readonly message: RenderedMessage;
  /** The service stops trying after that, so that no message outlives its code. */
  readonly ttlSeconds: number;
  /** US dollars, per message part for SMS and per minute for calls. */
  readonly maxPrice: string | undefined;
  /** Comes back in delivery events; ids only, nothing personal. */
  readonly context: Readonly<Record<string, string>>;
  /** Registration of the text with the country's authority; India's DLT asks for it. */
  readonly countryParameters: CountryParameters | undefined;
  /** Checked by the service, but not sent. */
  readonly dryRun: boolean;
}

export type SendOutcome = (
  | { readonly kind: 'accepted'; readonly messageId: string }
  | { readonly kind: 'refused'; readonly cause: Cause }
) & {
  /** The request went out twice, since the connection it first took was dead: so may the message have. */
  readonly resent?: boolean;
};

/** Port: End User Messaging. Ends when the signal is aborted; refusals are values, a rejection is a bug. */
export interface Messages {
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>;
}
