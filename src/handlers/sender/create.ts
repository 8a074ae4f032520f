import { answerDueAt, within } from '../../core/deadline.ts';
import type { Problem } from '../../core/decode.ts';
import { parseJson } from '../../core/decode.ts';
import type { DeliverDeps } from '../../core/deliver.ts';
import { deliver } from '../../core/deliver.ts';
import { metricsOf } from '../../core/delivery-record.ts';
import { parseHookRequest } from '../../core/hook-request.ts';
import type { HookReply } from '../../core/hook-response.ts';
import { actionReply, badRequestReply } from '../../core/hook-response.ts';
import { renderMetricLine } from '../../core/metric-line.ts';
import type { RestReply } from '../rest-event.ts';
import { parseRestEvent, toRestReply } from '../rest-event.ts';

export interface SenderDeps extends DeliverDeps {
  readonly answerWithinMs: number;
  /** Told by every metric; undefined outside of a stack. */
  readonly stack?: string | undefined;
  /** Closes connections that died while the function was frozen. */
  readonly dropIdleConnections: () => void;
  /** Takes one line of log. */
  readonly log: (line: string) => void;
}

export type SenderHandler = (event: unknown) => Promise<RestReply>;

/** Okta's requests are a few kilobytes. */
const largestBody = 64 * 1024;

/** Makes the sender's handler, and starts loading the catalog. It answers every event, whatever happens. */
export function createSender(deps: SenderDeps): SenderHandler {
  deps.catalog.prefetch();
  return async (event) => {
    deps.dropIdleConnections();
    const { body, requestTimeEpoch } = parseRestEvent(event);
    const dueAt = answerDueAt(deps.clock.now(), requestTimeEpoch, deps.answerWithinMs);
    return toRestReply(await answer(deps, body, dueAt));
  };
}

async function answer(deps: SenderDeps, body: string, dueAt: number): Promise<HookReply> {
  const { stack } = deps;
  const parsed = parseBody(body);
  if (!parsed.ok) {
    const content = { type: 'bad-request', problems: parsed.problems };
    deps.log(renderMetricLine({ at: deps.clock.now(), stack }, content, { BadRequests: 1 }));
    return badRequestReply(parsed.problems);
  }
  // `deliver` keeps the deadline by itself; this one is for what nobody thought of.
  const timed = await within(deps.clock, dueAt, (deadline) => deliver(deps, parsed.value, deadline));
  if (timed.kind === 'done') {
    const { record, reply } = timed.value;
    deps.log(renderMetricLine({ at: record.at, stack }, record, metricsOf(record)));
    return reply;
  }
  const error = timed.kind === 'failed' ? nameOf(timed.error) : timed.kind;
  const content = { type: 'sender-failed', eventId: parsed.value.eventId, error };
  // A delivery like others: one that failed must not be missing from the rate of those that do.
  const metrics = { Deliveries: 1, Failures: 1, Fallbacks: 1, SenderFailures: 1 };
  deps.log(renderMetricLine({ at: deps.clock.now(), stack }, content, metrics));
  return actionReply('FAILED', { provider: deps.provider, metadata: 'cause=internal' });
}

function parseBody(body: string) {
  const refused = (message: string) => ({ ok: false as const, problems: [{ path: '', message }] satisfies Problem[] });
  if (body === '') return refused('is missing');
  if (body.length > largestBody) return refused(`is larger than ${largestBody} characters`);
  const json = parseJson(body);
  return json.ok ? parseHookRequest(json.value) : json;
}

/** An exception's kind; its message could quote anything. */
const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);
