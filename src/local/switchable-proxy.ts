import type { Fault } from './fault.ts';
import { withFaults } from './fault.ts';
import type { RunningServer } from './serve.ts';
import { serve } from './serve.ts';

/** A server that stands before another one, and can fail in its place. */
export interface SwitchableProxy extends RunningServer {
  /** Where requests go on to: `http://127.0.0.1:<port>`. */
  forwardTo(url: string): void;
  setFault(fault: Fault | undefined): void;
  /** Answers in the target's place whatever `answer` gives a response for; its body is text that was read already. */
  intercept(answer: Intercept | undefined): void;
}

export type Intercept = (request: Request, body: string) => Promise<Response | undefined>;

/** What fetch sets by itself, or what no longer holds for a body that was read. */
const ownHeaders = ['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding', 'content-encoding'];

const withoutOwn = (headers: Headers) => new Headers([...headers].filter(([name]) => !ownHeaders.includes(name)));

const tooMany = () => Response.json({ message: 'a fault of the proxy' }, { status: 429 });

/**
 * Starts a proxy whose target may be set later; until then it resets every connection. `throttling` is how its target would
 * refuse for there being too many requests; HTTP 429 unless given.
 */
export async function startProxy({ throttling = tooMany } = {}): Promise<SwitchableProxy> {
  let target: string | undefined;
  let answerInstead: Intercept | undefined;
  const faulty = withFaults(
    async (request) => {
      if (target === undefined) return Response.error();
      const body = await request.text();
      const instead = await answerInstead?.(request, body);
      if (instead !== undefined) return instead;
      const { pathname, search } = new URL(request.url);
      const answer = await fetch(`${target}${pathname}${search}`, {
        method: request.method,
        headers: withoutOwn(request.headers),
        body,
      });
      return new Response(await answer.arrayBuffer(), { status: answer.status, headers: withoutOwn(answer.headers) });
    },
    { outage: () => Response.json({ message: 'a fault of the proxy' }, { status: 500 }), throttling },
  );
  const server = await serve(faulty.serve);
  return {
    ...server,
    forwardTo(url) {
      target = url;
    },
    setFault: faulty.setFault,
    intercept(answer) {
      answerInstead = answer;
    },
  };
}
