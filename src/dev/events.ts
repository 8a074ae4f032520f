import type { CatalogFile } from '../core/catalog.ts';
import type { Channel } from '../core/channel.ts';
import type { HookVerdict } from '../core/hook-verdict.ts';
import type { ReceivedMessage } from '../local/phone.ts';
import type { FaultSettings } from './faults.ts';

/** A line that a function printed beside what it prints of every request: mostly an error with its stack. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: 'sender' | 'authorizer';
  /** Of the delivery that it was about. */
  readonly requestId?: string | undefined;
  /** Has passed the leak sink: no code, number or token. */
  readonly line: string;
}

/** One stretch of a delivery's way, for a bar against Okta's three seconds. */
export interface Step {
  readonly name:
    | 'token'
    | 'authorizer'
    | 'sender'
    | 'claim'
    | 'catalog'
    | 'template'
    | 'identity'
    | 'send'
    | 'answer'
    | 'settle'
    | 'receipt';
  /** Milliseconds since the delivery began; undefined for what takes no time of its own. */
  readonly startMs?: number | undefined;
  readonly ms?: number | undefined;
  readonly state: 'good' | 'bad' | 'note';
  readonly text: string;
}

/** One request of the hook from its token to Okta's verdict; no code, no full number. */
export interface Delivery {
  /** The gateway's request id. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Composed on the page, or posted by somebody else: Okta through a tunnel, a client of one's own. */
  readonly from: 'page' | 'outside';
  readonly eventId?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly requestType?: string | undefined;
  readonly locale?: string | undefined;
  /** Of the number only the ends. */
  readonly phone?: string | undefined;
  readonly country?: string | undefined;
  readonly status: number;
  readonly steps: readonly Step[];
  readonly verdict: HookVerdict;
  readonly tookMs: number;
  /** How long Okta waits. */
  readonly budgetMs: number;
  readonly messageId?: string | undefined;
  /** The sender's own log line. */
  readonly record?: unknown;
  /** The body that Okta gets. */
  readonly reply?: unknown;
}

export interface CatalogState {
  readonly version: number;
  /** Where its files come from: a folder, or the package. */
  readonly folder: string | undefined;
  readonly files: readonly CatalogFile[];
  /** Why the files as they stand are not the version that serves. */
  readonly problems: readonly string[];
}

export interface Places {
  readonly page: string;
  /** Where Okta posts to. */
  readonly hook: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** Whose tokens pass beside those of the local authorization server. */
  readonly trusted?: TrustedIssuer | undefined;
}

/** A real Okta organization's authorization server, and what it must have put into a token. */
export interface TrustedIssuer {
  readonly issuer: string;
  /** One, or several with commas between. */
  readonly clientId: string;
  readonly scope: string;
  /** Of the authorization server `default` where none is named. */
  readonly audience?: string | undefined;
}

/** What a page or a pipe is told, one by one; `state` comes first and holds all that was before. */
export type DevEvent =
  | {
      readonly type: 'state';
      readonly places: Places;
      readonly deliveries: readonly Delivery[];
      readonly messages: readonly ReceivedMessage[];
      readonly faults: FaultSettings;
      readonly catalog: CatalogState;
      readonly logs: readonly LogLine[];
      /** What secrets the functions have printed. */
      readonly leaks: readonly string[];
    }
  | { readonly type: 'delivery'; readonly delivery: Delivery }
  | { readonly type: 'message'; readonly message: ReceivedMessage }
  | { readonly type: 'faults'; readonly faults: FaultSettings }
  | { readonly type: 'catalog'; readonly catalog: CatalogState }
  /** The functions start anew with the next request: their bundles have changed, or somebody wants a cold start. */
  | { readonly type: 'cold'; readonly why: string }
  /** The sources of a clone do not build; the functions run on as they were. */
  | { readonly type: 'sources-broken'; readonly why: string }
  | { readonly type: 'log'; readonly log: LogLine }
  /** A function printed a secret. */
  | { readonly type: 'leak'; readonly what: string };
