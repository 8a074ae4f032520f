import type { SmsSize } from '../core/message-parts.ts';
import { smsSize } from '../core/message-parts.ts';
import type { VoiceId } from '../core/template.ts';
import { hear } from './end-user-messaging/speech.ts';

interface Arrival {
  readonly messageId: string;
  /** E.164. */
  readonly to: string;
  /** The origination identity, whole: it is the operator's own. */
  readonly from: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a call reads out: plain text, or SSML. */
export interface Script {
  readonly kind: 'text' | 'ssml';
  readonly value: string;
}

export interface ArrivingSms extends Arrival {
  readonly channel: 'sms';
  readonly body: string;
}

export interface ArrivingCall extends Arrival {
  readonly channel: 'voice';
  readonly voiceId: VoiceId;
  readonly script: Script;
}

export interface ReceivedSms extends ArrivingSms, SmsSize {}

export interface ReceivedCall extends ArrivingCall {
  /** The call as a listener would write it down: a spelt-out code is `1, 2, 3`, digit by digit. */
  readonly transcript: string;
}

export type ReceivedMessage = ReceivedSms | ReceivedCall;

/** What arrived at handsets of the local cloud; every number has one. */
export interface PhoneInbox {
  deliver(message: ArrivingSms | ArrivingCall): void;
  /** Everything that arrived and is remembered, oldest first. */
  received(): readonly ReceivedMessage[];
  /** Calls back for every later message; the function that comes back ends that. */
  onMessage(listener: (message: ReceivedMessage) => void): () => void;
  /** The oldest matching message that `next` has not given out before; waits for one if there is none yet. */
  next(matches?: (message: ReceivedMessage) => boolean): Promise<ReceivedMessage>;
}

interface Waiter {
  readonly matches: (message: ReceivedMessage) => boolean;
  readonly take: (message: ReceivedMessage) => void;
}

/** @param kept - how many of the newest messages it remembers; all of them unless given */
export function createPhoneInbox(kept = Number.POSITIVE_INFINITY): PhoneInbox {
  const messages: ReceivedMessage[] = [];
  const unread = new Set<ReceivedMessage>();
  const waiting = new Set<Waiter>();
  const listeners = new Set<(message: ReceivedMessage) => void>();

  return {
    deliver(arriving) {
      const message = toReceived(arriving);
      messages.push(message);
      const [oldest] = messages.length > kept ? messages.splice(0, 1) : [];
      if (oldest !== undefined) unread.delete(oldest);
      const waiter = [...waiting].find(({ matches }) => matches(message));
      if (waiter === undefined) unread.add(message);
      else {
        waiting.delete(waiter);
        waiter.take(message);
      }
      for (const listener of [...listeners]) listener(message);
    },
    received: () => [...messages],
    onMessage(listener) {
      // Wrapped, so that a function that listens twice can stop listening once.
      const own = (message: ReceivedMessage) => listener(message);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    next(matches = () => true) {
      const message = [...unread].find(matches);
      if (message === undefined) return new Promise((take) => waiting.add({ matches, take }));
      unread.delete(message);
      return Promise.resolve(message);
    },
  };
}

const toReceived = (arriving: ArrivingSms | ArrivingCall): ReceivedMessage =>
  arriving.channel === 'sms'
    ? { ...arriving, ...smsSize(arriving.body) }
    : { ...arriving, transcript: hear(arriving.script) };
