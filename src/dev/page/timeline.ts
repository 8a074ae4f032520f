import type { Delivery, Step } from '../events.ts';
import { element } from './element.ts';

/** The way of a delivery as bars against the time that Okta waits, a line for each of its steps. */
export function renderTimeline({ steps, tookMs, budgetMs }: Delivery): HTMLElement {
  const scale = Math.max(budgetMs, tookMs);
  const share = (ms: number) => `${(100 * ms) / scale}%`;
  const list = element('ol', { class: 'timeline' });
  list.style.setProperty('--budget', share(budgetMs));
  list.append(
    element(
      'li',
      { class: 'scale', 'aria-hidden': 'true' },
      element('span', { class: 'track' }, element('span', { class: 'limit' }, `Okta waits ${budgetMs} ms`)),
    ),
    ...steps.map((step) => renderStep(step, share)),
  );
  return list;
}

function renderStep({ name, text, state, startMs, ms }: Step, share: (ms: number) => string): HTMLElement {
  const bar = element('span', { class: 'bar' });
  if (startMs !== undefined) {
    bar.style.setProperty('--start', share(startMs));
    bar.style.setProperty('--length', share(ms ?? 0));
    if (ms === undefined) bar.classList.add('instant');
  }
  const time = ms === undefined ? (startMs === undefined ? '' : `at ${round(startMs)}`) : round(ms);
  return element(
    'li',
    { class: `step ${state}` },
    element('span', { class: 'step-name' }, name),
    element('span', { class: 'track', 'aria-hidden': 'true' }, startMs === undefined ? undefined : bar),
    element('span', { class: 'step-time' }, time),
    element('span', { class: 'step-text' }, text),
  );
}

/** `84 ms`; what takes less than one is said to. */
const round = (ms: number) => (ms > 0 && ms < 1 ? '<1 ms' : `${Math.round(ms)} ms`);
