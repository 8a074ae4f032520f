import type { ReceivedMessage } from '../local/phone.ts';
import type { Delivery, DevEvent } from './events.ts';

/** What a page that is opened later still shows. */
const kept = 1_000;

/** Remembers what happened for those who come later, and tells those who are there. */
export interface EventLog {
  add(event: DevEvent): void;
  deliveries(): readonly Delivery[];
  messages(): readonly ReceivedMessage[];
  /** The function that comes back ends it. */
  listen(listener: (event: DevEvent) => void): () => void;
}

export function createEventLog(): EventLog {
  const deliveries: Delivery[] = [];
  const messages: ReceivedMessage[] = [];
  const listeners = new Set<(event: DevEvent) => void>();
  const keep = <T>(list: T[], item: T) => {
    list.push(item);
    if (list.length > kept) list.shift();
  };
  return {
    add(event) {
      if (event.type === 'delivery') keep(deliveries, event.delivery);
      if (event.type === 'message') keep(messages, event.message);
      for (const listener of [...listeners]) listener(event);
    },
    deliveries: () => [...deliveries],
    messages: () => [...messages],
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
