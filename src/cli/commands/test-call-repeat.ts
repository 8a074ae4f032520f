import { OktaOtpError } from '../../core/error.ts';
import type { Expectation } from '../../core/expectation.ts';
import { unmetBy } from '../../core/expectation.ts';
import { summarizeLatency } from '../../core/latency-summary.ts';
import { agreeToSend } from '../agree-to-send.ts';
import type { CallReport } from '../call-report.ts';
import { factsOf, readReply } from '../call-report.ts';
import type { CallTarget } from '../call-target/target.ts';
import type { Context } from '../context.ts';
import type { TestCallFlags } from '../describe/test-call.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { inParallel } from '../in-parallel.ts';
import { createTerminalProgress } from '../progress.ts';
import type { RepeatReport } from '../render-repeat.ts';
import { renderRepeat } from '../render-repeat.ts';
import type { MakeRequest } from '../simulated-requests.ts';
import type { WhatWasSent } from '../what-was-sent.ts';
import { whatWasSent } from '../what-was-sent.ts';

export interface Repetition {
  readonly target: CallTarget;
  readonly make: MakeRequest;
  readonly expectations: readonly Expectation[];
  readonly times: number;
  readonly flags: TestCallFlags;
}

/** Calls many times and shows how long it took; not good when a single call was not. */
export async function callRepeatedly(context: Context, repetition: Repetition): Promise<ExitCode> {
  const { target, make, expectations, times, flags } = repetition;
  const sendsMany = target.isReal && flags.dryRun !== true && times > 1;
  if (sendsMany && !(await agreeToSend(context, times, flags.yes))) return exit.interrupted;
  const { clock, signal } = context;
  const concurrency = flags.concurrency ?? 1;
  await target.warmUp(concurrency);
  const startedAt = clock.now();
  const messages = new Set<string>();
  const progress = createTerminalProgress(context, 'Called', flags);
  const gathered = await inParallel(
    Array.from({ length: times }, () => undefined),
    { concurrency, gapMs: 0, clock, signal, onDone: progress.step },
    async () => outcomeOf(await callQuietly(target, make, signal), expectations, messages),
  );
  progress.end();
  const { results: outcomes, lost, stopped } = gathered;
  const report: RepeatReport = {
    target: target.name,
    calls: outcomes.length,
    ...(stopped === undefined ? {} : { stopped: { after: outcomes.length, of: times } }),
    concurrency,
    tookMs: clock.now() - startedAt,
    good: outcomes.filter(({ failures }) => failures.length === 0).length,
    sent: outcomes.filter(({ sent }) => sent === 'message').length,
    // A call that was under way when all ended may have sent its message.
    unknown: lost + outcomes.filter(({ sent }) => sent === 'unknown').length,
    dryRun: outcomes.length > 0 && outcomes.every(({ sent }) => sent === 'dry-run'),
    failures: countBy(outcomes.flatMap(({ failures }) => failures)),
    latency: summarizeLatency(outcomes.flatMap(({ ms }) => (ms === undefined ? [] : [ms]))),
  };
  context.stdout.write(
    flags.json === true ? `${JSON.stringify(report)}\n` : renderRepeat(report, context.stdout.hasColor),
  );
  if (stopped !== undefined) throw stopped.by;
  return report.good === times ? exit.done : exit.notGood;
}

/** One call that got no answer is counted like one that got a bad one; a leak ends it all. */
export async function callQuietly(
  target: CallTarget,
  make: MakeRequest,
  signal: AbortSignal,
): Promise<CallReport | OktaOtpError> {
  try {
    return await target.call(make());
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OktaOtpError) || error.code === 'leak' || error.exitCode !== exit.failed) throw error;
    return error;
  }
}

interface Outcome {
  /** Absent without an answer. */
  readonly ms: number | undefined;
  readonly sent: WhatWasSent['kind'];
  /** Why it was not good: in one word each, or as the difference from what was expected. */
  readonly failures: readonly string[];
}

/** `messages` keeps the ids of those that went out, so that the answer to a duplicate is not counted as one more. */
function outcomeOf(
  result: CallReport | OktaOtpError,
  expectations: readonly Expectation[],
  messages: Set<string>,
): Outcome {
  if (result instanceof OktaOtpError) return { ms: undefined, sent: 'unknown', failures: [result.code] };
  const facts = factsOf(result);
  const told = whatWasSent(result);
  const { messageId } = readReply(result.reply);
  const isDuplicate = told.kind === 'message' && messageId !== undefined && messages.has(messageId);
  if (messageId !== undefined) messages.add(messageId);
  // Every slow call has milliseconds of its own: in one line they can be counted.
  const unmet = unmetBy(facts, expectations).map(
    ({ name, expected, got }) => `expected ${name} ${expected}, got ${name === 'maxMs' ? 'more' : got}`,
  );
  const unsent = isDuplicate ? 'duplicate' : told.why;
  const isBad = isDuplicate
    ? !expects(expectations, 'ledger')
    : result.verdict.codeTakenForSent
      ? // That Okta is told of a success says nothing of a message: whoever wants a block has to say so.
        unsent !== undefined && !expects(expectations, 'cause', 'answer')
      : !expects(expectations, 'status', 'verdict', 'http', 'cause', 'answer');
  return {
    ms: result.tookMs,
    sent: isDuplicate ? 'nothing' : told.kind,
    failures: unmet.length > 0 || !isBad ? unmet : [unsent ?? result.failure?.answered ?? 'no answer'],
  };
}

const expects = (expectations: readonly Expectation[], ...names: readonly Expectation['name'][]): boolean =>
  expectations.some(({ name }) => names.includes(name));

/** Most frequent first. */
function countBy(names: readonly string[]): readonly { readonly cause: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([cause, count]) => ({ cause, count })).toSorted((a, b) => b.count - a.count);
}
