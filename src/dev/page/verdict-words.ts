import { array, boolean, decode, object, optional, string } from '../../core/decode.ts';
import type { Delivery } from '../events.ts';

/** What came of a delivery in plain words: what Okta does, and what the user sees of it. */
export interface VerdictWords {
  /** `warn`: Okta takes the code for sent, and nobody gets one. */
  readonly tone: 'good' | 'warn' | 'bad';
  readonly headline: string;
  readonly consequence: string;
}

const recorded = object({
  outcome: string(),
  answer: optional(string()),
  cause: optional(string()),
  dryRun: optional(boolean),
  attempts: optional(array(object({ outcome: string() }))),
});

export function verdictWords({ verdict, messageId, record }: Delivery): VerdictWords {
  const { codeTakenForSent: isGood, reason } = verdict;
  const decoded = decode(recorded, record);
  const { outcome, answer, cause, dryRun = false, attempts = [] } = decoded.ok ? decoded.value : {};
  const headline = isGood ? `${reason}.` : `Okta sends the code itself: ${reason}.`;
  const isUnsent = dryRun || outcome === 'refused';
  return { tone: isGood ? (isUnsent ? 'warn' : 'good') : 'bad', headline, consequence: consequence() };

  function consequence(): string {
    if (dryRun) return 'This was a dry run: nothing goes out, whatever the answer is.';
    if (isGood) {
      if (outcome === 'duplicate') return 'This event had been answered before, so no second message went out.';
      if (outcome === 'refused')
        return 'Nothing was sent, and Okta, which is told SUCCESSFUL, does not send it either.';
      return 'The user has one code.';
    }
    // Of a repeated event only the first one's record names the message.
    if (messageId !== undefined || (outcome === 'duplicate' && answer === 'successful')) {
      return 'The message went out all the same: the user gets the code twice.';
    }
    if (cause === 'duplicate-in-flight') {
      return 'The same event was still on its way: if its message goes out, the user gets the code twice.';
    }
    if (attempts.some((attempt) => attempt.outcome === 'ambiguous')) {
      return 'Nobody knows whether the message went out too: the user may get the code twice.';
    }
    return 'The user gets the code from Okta, if Okta may send to that number.';
  }
}
