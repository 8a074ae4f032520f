import type { Connection } from '../serve.ts';
import type { ServiceExceptionName } from './exceptions.ts';

/** A way in which the service can go wrong. */
export type Fault =
  /** Refuses, whatever the request. `status` replaces the exception's own. */
  | {
      readonly kind: 'exception';
      readonly name: ServiceExceptionName;
      readonly reason?: string | undefined;
      readonly status?: number | undefined;
    }
  /** Does what was asked at once, and says so `ms` later: a client that has left by then does not know. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Answers HTTP 500 and does nothing. */
  | { readonly kind: 'outage' }
  /** Resets the connection and does nothing. */
  | { readonly kind: 'reset' }
  /** Does nothing and never answers. */
  | { readonly kind: 'hang' }
  /** Resets kept-alive connections when they are used again, as one that died while Lambda was frozen. */
  | { readonly kind: 'reset-reused' }
  /** Does what was asked, and resets the connection instead of saying so. */
  | { readonly kind: 'accept-then-reset' };

export interface Faults {
  /** Breaks the next request that the fault applies to; several are met in order. */
  breakNext(fault: Fault): void;
  /** Breaks every request that the fault applies to until it is set to another, or to undefined. */
  setFault(fault: Fault | undefined): void;
}

/** Keeps what shall go wrong; `take` gives the fault that a request meets, one made by `breakNext` first. */
export function createFaults(): Faults & { take(connection: Connection): Fault | undefined } {
  const once: Fault[] = [];
  let standing: Fault | undefined;
  return {
    breakNext: (fault) => void once.push(fault),
    setFault(fault) {
      standing = fault;
    },
    take(connection) {
      const index = once.findIndex((fault) => applies(fault, connection));
      if (index >= 0) return once.splice(index, 1)[0];
      return standing && applies(standing, connection) ? standing : undefined;
    },
  };
}

const applies = (fault: Fault, { requestNumber }: Connection) => fault.kind !== 'reset-reused' || requestNumber > 1;
