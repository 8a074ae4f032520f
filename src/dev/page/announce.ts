import { element, find } from './element.ts';

/** Long enough that a burst of arrivals is told as its last one. */
const gatherMs = 300;

/** Nobody reads the region: what has been told only has to stay until it is spoken. */
const kept = 20;

/**
 * Tells those who do not see the page what has happened.
 *
 * Of one topic only the last words of a burst are told; two topics never take each other's place.
 */
export type Announce = (words: string, topic?: string) => void;

/** Writes each announcement below the last one: a log is read in its order, however fast it grows. */
export function createAnnouncer(): Announce {
  const region = find('announcements', HTMLElement);
  const waiting = new Map<string, string>();

  function tell(): void {
    region.append(...[...waiting.values()].map((words) => element('p', {}, words)));
    waiting.clear();
    while (region.childElementCount > kept) region.firstElementChild?.remove();
  }

  return (words, topic = words) => {
    if (waiting.size === 0) setTimeout(tell, gatherMs);
    // Deleted first, so that it is told in the order of the last words.
    waiting.delete(topic);
    waiting.set(topic, words);
  };
}
