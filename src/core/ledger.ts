import type { HookReply } from './hook-response.ts';

/** Who takes an event, and until when nobody else may. */
export interface Claim {
  readonly eventId: string;
  /** Tells one delivery of the event from another. */
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** From then on (milliseconds since the epoch) the claim counts as abandoned: its owner has had to answer. */
  readonly freeAt: number;
}

export type ClaimResult =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'answered'; readonly reply: HookReply }
  | { readonly kind: 'in-flight' };

/** Port: what makes a delivery happen once per event. Rejects when the table cannot be reached. */
export interface Ledger {
  claim(claim: Claim, signal: AbortSignal): Promise<ClaimResult>;
  /** Keeps the answer for duplicates to come, unless another owner has taken the event since. */
  settle(
    answer: Pick<Claim, 'eventId' | 'owner' | 'now'> & { readonly reply: HookReply },
    signal: AbortSignal,
  ): Promise<void>;
}
