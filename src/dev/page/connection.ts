import type { DevEvent } from '../events.ts';

/** `ended`: another run of `dev` answers here, which this page's token is not for. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'ended';

interface Listener {
  readonly onEvent: (event: DevEvent) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** How soon it is tried again where the browser has given up by itself. */
const retryMs = 1_000;

/** Listens to what `dev` tells, and comes back by itself when it was gone. */
export function connect(token: string, { onEvent, onState }: Listener): void {
  const address = `/events?${new URLSearchParams({ token })}`;
  const open = () => {
    const source = new EventSource(address);
    source.addEventListener('open', () => onState('open'));
    source.addEventListener('message', ({ data }) => {
      const event: DevEvent = JSON.parse(String(data));
      onEvent(event);
    });
    source.addEventListener('error', () => {
      onState('lost');
      // Else the browser tries again by itself, and says which event was the last one it got.
      if (source.readyState === EventSource.CLOSED) void later();
    });
  };
  const later = async () => {
    if (await isForbidden(token)) onState('ended');
    else setTimeout(open, retryMs);
  };
  onState('connecting');
  open();
}

/** A stream of events does not tell why it could not be opened. */
async function isForbidden(token: string): Promise<boolean> {
  try {
    return (await fetch(`/?${new URLSearchParams({ token })}`, { method: 'GET' })).status === 403;
  } catch {
    return false;
  }
}
