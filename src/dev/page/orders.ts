import type { Problem } from '../../core/decode.ts';
import type { Finding } from '../../core/lint-rules.ts';
import type { FaultSettings } from '../faults.ts';

/** What a person has typed into the form; what is left out is made up. */
export type Typed = Readonly<Record<string, string>>;

/** What an order came to; `problems` by the field they belong to, an empty path for none of them. */
export interface Ordered<T> {
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

/** What the page asks `dev` to do. */
export interface Orders {
  call(typed: Typed): Promise<Ordered<{ readonly eventId: string; readonly error?: string }>>;
  setFaults(faults: FaultSettings): Promise<Ordered<unknown>>;
  cold(): Promise<Ordered<unknown>>;
  /** Findings come with the value; with errors among them the file was not taken. */
  save(file: { readonly path: string; readonly text: string }): Promise<Ordered<Saved>>;
}

interface Saved {
  readonly findings: readonly Finding[];
}

export function createOrders(token: string): Orders {
  async function post<T>(path: string, body: unknown): Promise<Ordered<T>> {
    try {
      const response = await fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-okta-otp-token': token },
        body: JSON.stringify(body),
      });
      if (response.status === 403) return failed('is refused: this page belongs to a run of dev that has ended');
      const answer: T & { readonly problems?: readonly Problem[] } = await response.json();
      return { value: answer, problems: answer.problems ?? [] };
    } catch {
      return failed('could not be sent: dev does not answer');
    }
  }
  return {
    call: (typed) => post('/calls', typed),
    setFaults: (faults) => post('/faults', faults),
    cold: () => post('/cold', {}),
    save: (file) => post('/files', file),
  };
}

const failed = (message: string) => ({ value: undefined, problems: [{ path: '', message }] });
