import type { Clock } from '../core/clock.ts';
import { systemClock } from '../handlers/system-clock.ts';
import type { Serve } from './serve.ts';

/** What is wrong with a server: slow, refusing for there being too many requests, answering HTTP 500, resetting connections, or never answering. */
export type Fault =
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'throttling' }
  | { readonly kind: 'outage' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

export interface FaultOptions {
  /** The service's own HTTP 500. */
  readonly outage: () => Response;
  /** How the service says that there are too many requests. */
  readonly throttling: () => Response;
  /** Passes the time of a latency; the machine's timers unless given. */
  readonly after?: Clock['after'] | undefined;
}

/** Puts a switchable fault before a server; a request that is given up on meanwhile ends. */
export function withFaults(handle: Serve, { outage, throttling, after = systemClock.after }: FaultOptions) {
  let fault: Fault | undefined;
  const serve: Serve = async (request, connection) => {
    switch (fault?.kind) {
      case undefined:
        return await handle(request, connection);
      case 'latency':
        return (await passes(after, fault.ms, request.signal)) ? await handle(request, connection) : Response.error();
      case 'throttling':
        return throttling();
      case 'outage':
        return outage();
      case 'reset':
        return Response.error();
      case 'hang':
        await passes(() => () => {}, 0, request.signal);
        return Response.error();
    }
  };
  return {
    serve,
    /** Holds for the requests that come from now on; `undefined` is health. */
    setFault(next: Fault | undefined): void {
      fault = next;
    },
  };
}

/** Whether the time passed before the request was given up on. */
function passes(after: Clock['after'], ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = () => {
      cancel();
      resolve(false);
    };
    const cancel = after(ms, () => {
      signal.removeEventListener('abort', gone);
      resolve(true);
    });
    if (signal.aborted) gone();
    else signal.addEventListener('abort', gone, { once: true });
  });
}
