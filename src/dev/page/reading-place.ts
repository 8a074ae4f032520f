import { find } from './element.ts';

/**
 * Changes the page, and leaves an opened delivery that is in view where it is.
 *
 * Browsers do so by themselves, except at the very top, right after another change, and where they know no scroll anchors.
 * @see https://drafts.csswg.org/css-scroll-anchoring/#suppression-triggers
 */
export function keepPlace(change: () => void): void {
  const read = readDelivery();
  const before = read?.getBoundingClientRect().top ?? 0;
  change();
  if (read === undefined) return;
  const newest = find('rows', HTMLElement).firstElementChild;
  if (newest instanceof HTMLElement) layOut(newest);
  const moved = read.getBoundingClientRect().top - before;
  if (moved === 0) return;
  const { scrollHeight, clientHeight } = document.documentElement;
  const lacking = moved - (scrollHeight - clientHeight - scrollY);
  const content = find('content', HTMLElement);
  // A page that is not longer than its window cannot be scrolled.
  if (lacking > 0) content.style.minHeight = `${Math.ceil(content.offsetHeight + lacking)}px`;
  const from = scrollY;
  scrollBy({ top: moved + rest, behavior: 'instant' });
  rest = moved + rest - (scrollY - from);
}

/** A browser scrolls by whole pixels; what was too little counts the next time, or many arrivals would be seen after all. */
let rest = 0;

/** A row that was never in view has only a guess for its height, until it has been drawn once. */
function layOut(row: HTMLElement): void {
  row.style.contentVisibility = 'visible';
  requestAnimationFrame(() => requestAnimationFrame(() => row.style.removeProperty('content-visibility')));
}

/** The first opened one of which something is in view. */
function readDelivery(): Element | undefined {
  return [...document.querySelectorAll('.row[aria-expanded="true"]')].find((row) => {
    const { top, bottom } = row.parentElement?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
    return top < innerHeight && bottom > 0;
  });
}
