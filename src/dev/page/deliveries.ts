import type { Delivery } from '../events.ts';
import { clockTime } from './clock-time.ts';
import { element, find } from './element.ts';
import { rove } from './roving.ts';
import { renderTimeline } from './timeline.ts';
import { verdictWords } from './verdict-words.ts';

/** All deliveries, the newest first; a new one touches nothing of those that are there. */
export interface Deliveries {
  /** False for one that is there already. */
  add(delivery: Delivery): boolean;
}

/** More than `dev` itself remembers; what is older makes room. */
const kept = 2_000;

export function createDeliveries(): Deliveries {
  const rows = find('rows', HTMLElement);
  const count = find('delivery-count', HTMLElement);
  const empty = find('no-deliveries', HTMLElement);
  const known = new Set<string>();
  const roving = rove(rows, '.row');
  return {
    add(delivery) {
      if (known.has(delivery.id)) return false;
      known.add(delivery.id);
      const item = createRow(delivery);
      rows.prepend(item.element);
      roving.added(item.head);
      if (rows.childElementCount > kept) rows.lastElementChild?.remove();
      count.textContent = String(known.size);
      empty.hidden = true;
      return true;
    },
  };
}

function createRow(delivery: Delivery): { readonly element: HTMLElement; readonly head: HTMLElement } {
  const { id, at, from, locale, phone, country, requestType, status, tookMs, budgetMs } = delivery;
  const { tone, headline } = verdictWords(delivery);
  const detailId = `delivery-${id}`;
  const used = element('span', { class: 'used' });
  used.style.setProperty('--length', `${Math.min(100, (100 * tookMs) / budgetMs)}%`);
  const head = element(
    'button',
    { type: 'button', class: 'row', tabindex: '-1', 'aria-expanded': 'false', 'aria-controls': detailId },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, marks[tone]),
    element('span', { class: 'channel' }, channelWords(delivery)),
    element('span', { class: 'to' }, [phone, country, locale].filter((word) => word !== undefined).join(' · ')),
    element(
      'span',
      { class: 'for' },
      [requestType, from === 'outside' ? 'from outside' : ''].filter(Boolean).join(' · '),
    ),
    element('span', { class: 'when' }, clockTime(at)),
    element('span', { class: 'took' }, `${Math.round(tookMs)} ms`),
    element('span', { class: 'verdict' }, headline),
    element('span', { class: 'status' }, status === 0 ? 'not asked' : `HTTP ${status}`),
    element('span', { class: 'budget', 'aria-hidden': 'true' }, used),
  );
  const detail = element('div', { class: 'detail', id: detailId, hidden: true });
  head.addEventListener('click', () => {
    detail.hidden = !detail.hidden;
    head.setAttribute('aria-expanded', String(!detail.hidden));
    if (detail.childElementCount === 0) detail.append(...renderDetail(delivery));
  });
  return { element: element('li', { class: `delivery ${tone}` }, head, detail), head };
}

/** What was asked for; a body that could not be read asked for nothing. */
export const channelWords = ({ channel }: Delivery) =>
  channel === undefined ? 'Request' : channel === 'sms' ? 'SMS' : 'Call';

const marks = { good: '✓', warn: '!', bad: '✗' } as const;

function renderDetail(delivery: Delivery): readonly HTMLElement[] {
  const { eventId, messageId, reply, record } = delivery;
  const { consequence } = verdictWords(delivery);
  const ids = [eventId === undefined ? '' : `event ${eventId}`, messageId === undefined ? '' : `message ${messageId}`];
  return [
    element('p', { class: 'consequence' }, consequence),
    renderTimeline(delivery),
    ...(reply === undefined ? [] : [renderJson('What Okta got', reply)]),
    ...(record === undefined ? [] : [renderJson("The sender's log line", record)]),
    element('p', { class: 'meta' }, ids.filter((id) => id !== '').join(' · ')),
  ];
}

/** Folded; written out when somebody wants to see it. */
function renderJson(title: string, value: unknown): HTMLElement {
  const details = element('details', {}, element('summary', {}, title));
  details.addEventListener(
    'toggle',
    () => details.append(element('pre', { tabindex: '0', 'aria-label': title }, JSON.stringify(value, null, 2))),
    { once: true },
  );
  return details;
}
