import type { ReceivedMessage } from '../local/phone.ts';
import type { Delivery, DevEvent, LogLine } from './events.ts';

/** What a page that is opened later still shows. */
const kept = 1_000;

/** An event with its place in the order of all, from 1. */
export interface Numbered {
  readonly number: number;
  readonly event: DevEvent;
}

/** Remembers what happened for those who come later, and tells those who are there. */
export interface EventLog {
  add(event: DevEvent): void;
  deliveries(): readonly Delivery[];
  messages(): readonly ReceivedMessage[];
  logs(): readonly LogLine[];
  /** The number of the newest event; 0 before there is one. */
  newest(): number;
  /** Everything after the event of this number; undefined where that is not remembered to the last one. */
  since(number: number): readonly Numbered[] | undefined;
  /** The function that comes back ends it. */
  listen(listener: (event: DevEvent, number: number) => void): () => void;
}

export function createEventLog(): EventLog {
  const deliveries: Delivery[] = [];
  const messages: ReceivedMessage[] = [];
  const logs: LogLine[] = [];
  const recent: Numbered[] = [];
  const listeners = new Set<(event: DevEvent, number: number) => void>();
  let newest = 0;
  const keep = <T>(list: T[], item: T) => {
    list.push(item);
    if (list.length > kept) list.shift();
  };
  return {
    add(event) {
      newest += 1;
      keep(recent, { number: newest, event });
      if (event.type === 'delivery') keep(deliveries, event.delivery);
      if (event.type === 'message') keep(messages, event.message);
      if (event.type === 'log') keep(logs, event.log);
      for (const listener of [...listeners]) listener(event, newest);
    },
    deliveries: () => [...deliveries],
    messages: () => [...messages],
    logs: () => [...logs],
    newest: () => newest,
    since(number) {
      const later = recent.filter((numbered) => numbered.number > number);
      return number <= newest && later.length === newest - number ? later : undefined;
    },
    listen(listener) {
      // Wrapped, so that a function that listens twice can stop listening once.
      const own = (event: DevEvent, number: number) => listener(event, number);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}
