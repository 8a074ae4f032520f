import { voices } from '../../core/template.ts';
import type { ReceivedCall, ReceivedMessage, ReceivedSms } from '../../local/phone.ts';
import type { Call, CallEnd } from './call.ts';
import { createCall } from './call.ts';
import { clockTime } from './clock-time.ts';
import { directionOf } from './direction.ts';
import { button, element } from './element.ts';
import { voiceLanguage } from './voice-language.ts';
import { withCodes } from './with-codes.ts';

/** One handset with what it got. */
export interface Phone {
  readonly element: HTMLElement;
  readonly number: string;
  add(message: ReceivedMessage): void;
  /** The language of a message, once its delivery has told it. */
  tellLanguage(messageId: string, locale: string): void;
  /** The call that rings or speaks. */
  readonly call: () => Call | undefined;
}

interface PhoneListener {
  /** Before a call is shown as answered. */
  readonly onAnswer: () => void;
  /** A call rings no longer, or is over. */
  readonly onCall: () => void;
}

/** As long as a network lets a phone ring. */
const ringsMs = 30_000;

/** What a screen keeps; older ones are a button away. */
const shownMessages = 30;

export function createPhone(number: string, { onAnswer, onCall }: PhoneListener): Phone {
  const messages: ReceivedMessage[] = [];
  const languages = new Map<string, string>();
  const ends = new Map<string, CallEnd>();
  let call: Call | undefined;
  let missed: ReturnType<typeof setTimeout> | undefined;
  let limit = shownMessages;

  const name = `phone-${number.replace(/\D/g, '')}`;
  const heading = element('h3', { id: name, tabindex: '-1' }, number);
  const thread = element('ol', { class: 'thread' });
  const earlier = button('Earlier messages', showEarlier, { class: 'small earlier', hidden: true });
  // Reads its newest from the end, and stays there by itself: a column in reverse needs no script to scroll.
  const scroller = element(
    'div',
    { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': `Messages of ${number}` },
    element('div', { class: 'scrolled' }, earlier, thread),
  );
  const screen = element('div', { class: 'screen' }, element('div', { class: 'number' }, heading), scroller);
  const handset = element('article', { class: 'handset', 'aria-labelledby': name }, screen);

  function showEarlier(): void {
    limit += shownMessages;
    thread.replaceChildren(...messages.slice(-limit).map(bubble));
    earlier.hidden = messages.length <= limit;
    scroller.focus();
  }

  function open(message: ReceivedCall, isAnswered: boolean): Call {
    const opened = createCall(message, {
      isAnswered,
      onAnswer() {
        onAnswer();
        onCall();
      },
      onEnd(how) {
        if (call !== opened) return;
        const hadFocus = opened.element.contains(document.activeElement);
        clearTimeout(missed);
        call = undefined;
        opened.element.remove();
        scroller.inert = false;
        delete handset.dataset['call'];
        ends.set(message.messageId, how);
        thread.querySelector(`[data-id="${CSS.escape(message.messageId)}"]`)?.replaceWith(bubble(message));
        if (hadFocus) heading.focus({ preventScroll: true });
        onCall();
      },
    });
    call?.end();
    call = opened;
    handset.dataset['call'] = '';
    scroller.inert = true;
    screen.append(opened.element);
    return opened;
  }

  function ring(message: ReceivedCall): void {
    const left = message.at + ringsMs - Date.now();
    // Who is on the line, or has one ringing, is busy; and a page that is opened late has missed it.
    if (call !== undefined || left <= 0) ends.set(message.messageId, 'missed');
    else {
      const ringing = open(message, false);
      missed = setTimeout(ringing.miss, left);
    }
  }

  const bubble = (message: ReceivedMessage) => (message.channel === 'sms' ? smsBubble(message) : callBubble(message));

  function smsBubble({ messageId, from, at, body, parts, encoding }: ReceivedSms): HTMLElement {
    return element(
      'li',
      { 'data-id': messageId },
      element(
        'p',
        { class: 'bubble', dir: directionIn(languages.get(messageId)), lang: languages.get(messageId) },
        ...withCodes(body),
      ),
      meta(`${from} · ${clockTime(at)} · ${parts} ${parts === 1 ? 'part' : 'parts'} ${encoding}`),
    );
  }

  function callBubble(message: ReceivedCall): HTMLElement {
    const { messageId, from, at, voiceId, transcript } = message;
    const how = ends.get(messageId);
    const heard = how === 'heard';
    const language = voiceLanguage(voiceId);
    return element(
      'li',
      { 'data-id': messageId },
      element(
        'div',
        { class: 'bubble spoken' },
        element('p', { class: 'call-words' }, `☎ ${how === undefined ? 'Call' : ended[how]}`),
        heard ? element('p', { dir: directionOf(language), lang: language }, transcript) : undefined,
        how === undefined
          ? undefined
          : button(heard ? 'Listen again' : 'Listen', () => open(message, true), { class: 'small' }),
      ),
      meta(`${from} · ${clockTime(at)} · ${voiceId} ${voices[voiceId]}`),
    );
  }

  return {
    element: handset,
    number,
    call: () => call,
    add(message) {
      messages.push(message);
      if (message.channel === 'voice') ring(message);
      thread.append(bubble(message));
      if (messages.length > limit) thread.firstElementChild?.remove();
      earlier.hidden = messages.length <= limit;
    },
    tellLanguage(messageId, locale) {
      languages.set(messageId, locale);
      const shown = thread.querySelector(`[data-id="${CSS.escape(messageId)}"] .bubble[dir]`);
      shown?.setAttribute('lang', locale);
      shown?.setAttribute('dir', directionOf(locale));
    },
  };
}

const ended: Readonly<Record<CallEnd, string>> = {
  heard: 'Call, answered',
  declined: 'Call, declined',
  missed: 'Call, missed',
};

/** Until the delivery has told the language, by the first letter. */
const directionIn = (locale: string | undefined) => (locale === undefined ? 'auto' : directionOf(locale));

const meta = (words: string) => element('p', { class: 'meta' }, words);
