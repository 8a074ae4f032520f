import type { ReceivedMessage } from '../../local/phone.ts';
import type { Delivery } from '../events.ts';
import type { Announce } from './announce.ts';
import { find } from './element.ts';
import type { Phone } from './phone.ts';
import { createPhone } from './phone.ts';

/** All handsets, the one that got something last at the front. */
export interface Phones {
  add(message: ReceivedMessage): void;
  /** What a delivery tells of its message. */
  tell(delivery: Delivery): void;
}

/** Handsets in the strip; a browser lays out a thousand, but nobody looks at them. */
const shownPhones = 24;

export function createPhones(announce: Announce, { onAnswer }: { readonly onAnswer: () => void }): Phones {
  const strip = find('strip', HTMLElement);
  const empty = find('no-phones', HTMLElement);
  const more = find('more-phones', HTMLButtonElement);
  const ringing = find('ringing', HTMLButtonElement);
  // What scrolls has to be reached by the keyboard too.
  strip.tabIndex = 0;
  const phones = new Map<string, Phone>();
  const byMessage = new Map<string, Phone>();
  /** By number, the newest last. */
  let limit = shownPhones;

  function toFront(phone: Phone): void {
    phones.delete(phone.number);
    phones.set(phone.number, phone);
    if (strip.firstElementChild !== phone.element) moveBefore(strip, phone.element);
    while (strip.childElementCount > limit) strip.lastElementChild?.remove();
    const hidden = phones.size - strip.childElementCount;
    more.hidden = hidden === 0;
    more.textContent = `${hidden} more ${hidden === 1 ? 'phone' : 'phones'}`;
  }

  more.addEventListener('click', () => {
    limit += shownPhones;
    const newestFirst = [...phones.values()].toReversed();
    strip.append(...newestFirst.slice(strip.childElementCount, limit).map((phone) => phone.element));
    const newest = newestFirst[0];
    if (newest !== undefined) toFront(newest);
    strip.focus();
  });

  /** The newest that rings or, where none does, the one that speaks. */
  const current = () => {
    const calls = [...phones.values()].toReversed().flatMap((phone) => phone.call() ?? []);
    return calls.find((call) => call.isRinging()) ?? calls[0];
  };

  /** Whatever view is shown: a key that answers without anything that rings would be a surprise. */
  function showRinging(): void {
    const rings = current();
    const isShown = rings?.isRinging() === true;
    ringing.hidden = !isShown;
    ringing.textContent = isShown ? `${rings.message.to} rings: answer (Alt+A)` : '';
  }

  ringing.addEventListener('click', () => {
    const call = current();
    if (call?.isRinging() === true) call.answer();
  });

  document.addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    // Behind the editor nothing is seen of a call, and on some keyboards these keys write letters.
    if (document.querySelector('dialog[open]') !== null) return;
    const call = current();
    if (call === undefined) return;
    if (event.code === 'KeyA' && call.isRinging()) call.answer();
    else if (event.code === 'KeyX') call.end();
    else return;
    event.preventDefault();
  });

  return {
    add(message) {
      if (byMessage.has(message.messageId)) return;
      const phone = phones.get(message.to) ?? createPhone(message.to, { onAnswer, onCall: showRinging });
      byMessage.set(message.messageId, phone);
      empty.hidden = true;
      strip.hidden = false;
      phone.add(message);
      toFront(phone);
      showRinging();
      const rings = phone.call()?.message === message;
      if (rings) announce(`A call rings on ${message.to}: Alt+A answers it`, 'ringing');
      else announce(`${kinds[message.channel]} on ${message.to}`, 'messages');
    },
    tell({ messageId, record }) {
      const locale = localeOf(record);
      if (messageId !== undefined && locale !== undefined) byMessage.get(messageId)?.tellLanguage(messageId, locale);
    },
  };
}

const kinds = { sms: 'An SMS', voice: 'A call' } as const;

function localeOf(record: unknown): string | undefined {
  const template = isRecord(record) ? record['template'] : undefined;
  const locale = isRecord(template) ? template['locale'] : undefined;
  return typeof locale === 'string' ? locale : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Puts a handset to the front; where the browser can, without taking the focus or a running transition from it. */
function moveBefore(strip: HTMLElement, handset: HTMLElement): void {
  const move: unknown = Reflect.get(strip, 'moveBefore');
  if (handset.isConnected && typeof move === 'function') move.call(strip, handset, strip.firstElementChild);
  else strip.prepend(handset);
  strip.scrollTo({ left: 0 });
}
