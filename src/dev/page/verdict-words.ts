import { decode, object, optional, string } from '../../core/decode.ts';
import type { Delivery } from '../events.ts';

/** What came of a delivery in plain words: what Okta does, and what the user sees of it. */
export interface VerdictWords {
  readonly isGood: boolean;
  readonly headline: string;
  readonly consequence: string;
}

const recorded = object({ outcome: string(), answer: string(), cause: optional(string()) });

export function verdictWords({ verdict, messageId, record }: Delivery): VerdictWords {
  const { codeTakenForSent: isGood, reason } = verdict;
  const decoded = decode(recorded, record);
  const outcome = decoded.ok ? decoded.value.outcome : undefined;
  if (isGood) {
    const headline = `${reason}.`;
    if (outcome === 'duplicate') {
      return { isGood, headline, consequence: 'This event had been answered before, so no second message went out.' };
    }
    if (outcome === 'refused') {
      return { isGood, headline, consequence: 'Nothing was sent, and by its answer Okta does not send it either.' };
    }
    return { isGood, headline, consequence: 'The user has one code.' };
  }
  const headline = `Okta sends the code itself: ${reason}.`;
  const consequence =
    messageId !== undefined && outcome === 'accepted'
      ? 'The message went out all the same: the user gets the code twice.'
      : 'The user gets the code from Okta, if Okta may send to that number.';
  return { isGood, headline, consequence };
}
