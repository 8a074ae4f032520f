import { find } from './element.ts';

/** Long enough that a burst of arrivals is told as its last one. */
const settleMs = 300;

/** Tells those who do not see the page what has arrived. */
export type Announce = (words: string) => void;

export function createAnnouncer(): Announce {
  const region = find('announcements', HTMLElement);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return (words) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      region.textContent = words;
    }, settleMs);
  };
}
