import type { MatrixCell } from '../../core/call-matrix.ts';
import { matrixOf } from '../../core/call-matrix.ts';
import { OktaOtpError, UsageError } from '../../core/error.ts';
import { unmetBy } from '../../core/expectation.ts';
import { dryRunPrefix } from '../../core/hook-request.ts';
import { parsePhone } from '../../core/phone.ts';
import { simulateRequest } from '../../core/simulated-request.ts';
import { simulatorNumbers } from '../../core/simulator-numbers.ts';
import { agreeToSend } from '../agree-to-send.ts';
import { readCallCatalog } from '../call-catalog.ts';
import { factsOf, notTold } from '../call-report.ts';
import { openTarget, targetNamed } from '../call-target/open-target.ts';
import type { CallTarget } from '../call-target/target.ts';
import { targetTells } from '../call-target/target.ts';
import type { Context } from '../context.ts';
import type { TestCallFlags } from '../describe/test-call.ts';
import { catalogFolderOf } from '../environments.ts';
import { exampleNumber } from '../example-number.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { inParallel } from '../in-parallel.ts';
import { createTerminalProgress } from '../progress.ts';
import { renderJunit } from '../render-junit.ts';
import type { CellResult, MatrixReport } from '../render-matrix.ts';
import { isGoodMatrix, renderMatrix, textUnchecked, toMatrixJson } from '../render-matrix.ts';
import { whatWasSent } from '../what-was-sent.ts';
import { tryToWrite, writeText } from '../write-text.ts';
import { callQuietly } from './test-call-repeat.ts';

/** A dry run counts as a part, and five parts a second are allowed. https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html */
const dryRunGapMs = 250;

/** Where one cell goes. */
interface Destination {
  readonly number: string;
  readonly isSimulator: boolean;
}

/** Calls once for every cell of the catalog's matrix; not good when one cell is not as the catalog says, or none is called. */
export async function callMatrix(context: Context, phone: string | undefined, flags: TestCallFlags): Promise<ExitCode> {
  if (phone !== undefined) {
    throw new UsageError('matrix-phone', '"--matrix" takes no number: it has one of its own for every country', {
      hint: 'okta-otp test-call --matrix',
    });
  }
  const { clock, signal } = context;
  const junit = { what: 'the report of --junit', mode: 0o644 };
  if (flags.junit !== undefined) await tryToWrite(context.cwd, flags.junit, junit);
  const { catalog, files } = await readCallCatalog(context, await catalogFolderOf(context, flags));
  const cells = matrixOf(catalog);
  const isReal = targetNamed(flags) !== 'local';
  const destinationOf = (cell: MatrixCell) => destination(cell, flags.simulator === true);
  const simulated = cells.filter((cell) => destinationOf(cell)?.isSimulator === true).length;
  if (simulated > 0 && !(await agreeToSend(context, simulated, flags.yes))) return exit.interrupted;
  if (flags.json !== true) {
    const where = isReal
      ? `${cells.length} calls of the deployed hook: dry runs${simulated > 0 ? `, and ${simulated} messages to simulator numbers` : ''}.`
      : 'Starting the local cloud: nothing leaves this machine.';
    context.stderr.write(`${where}\n`);
  }
  const target = await openTarget(context, flags, async () => files);
  try {
    const concurrency = flags.concurrency ?? 4;
    await target.warmUp(concurrency);
    const startedAt = clock.now();
    const progress = createTerminalProgress(context, 'Called', flags);
    const parallel = { concurrency, gapMs: isReal ? dryRunGapMs : 0, clock, signal, onDone: progress.step };
    const { results, lost, stopped } = await inParallel(cells, parallel, (cell) =>
      callCell(context, target, { cell, to: destinationOf(cell) }),
    );
    progress.end();
    const report: MatrixReport = {
      target: target.name,
      results,
      tookMs: clock.now() - startedAt,
      ...(stopped === undefined ? {} : { stopped: { after: results.length, of: cells.length, underWay: lost } }),
    };
    context.stdout.write(
      flags.json === true ? `${JSON.stringify(toMatrixJson(report))}\n` : renderMatrix(report, context.stdout),
    );
    if (flags.junit !== undefined) {
      const text = renderJunit({ ...report, results: [...results, ...uncalled(cells, results)] }, startedAt);
      await writeText(context.cwd, flags.junit, { ...junit, text });
    }
    if (stopped !== undefined) throw stopped.by;
    return isGoodMatrix(results) ? exit.done : exit.notGood;
  } finally {
    await target.close();
  }
}

/** Cells that nobody came to: a report without them would look whole. */
const uncalled = (cells: readonly MatrixCell[], results: readonly CellResult[]): readonly CellResult[] =>
  cells
    .filter((cell) => !results.some((result) => result.cell === cell))
    .map((cell) => ({ cell, outcome: 'skipped', why: ['not called: stopped'], ms: undefined, isSent: false }));

/** Only SMS have simulators, and only where the catalog serves the country would they be told from a refusal. */
function destination({ group, channel, country, expected }: MatrixCell, simulator: boolean): Destination | undefined {
  if (country === undefined) return undefined;
  const isSent = expected.some(({ name, value }) => name === 'channel' && value === 'sms');
  const simulated = simulator && group === 'country' && channel === 'sms' && isSent;
  const own = simulated && Object.hasOwn(simulatorNumbers, country) ? simulatorNumbers[country] : undefined;
  if (own !== undefined) return { number: own, isSimulator: true };
  const number = exampleNumber(country);
  return number === undefined ? undefined : { number, isSimulator: false };
}

async function callCell(
  { clock, newId, randomInt, signal }: Context,
  target: CallTarget,
  { cell, to }: { readonly cell: MatrixCell; readonly to: Destination | undefined },
): Promise<CellResult> {
  if (to === undefined || !parsePhone(to.number).ok) {
    const why = cell.country === undefined ? 'no country is served on this channel' : 'no number of it is known';
    return { cell, outcome: 'skipped', why: [why], ms: undefined, isSent: false };
  }
  const isDryRun = target.isReal && !to.isSimulator;
  const result = await callQuietly(
    target,
    () =>
      simulateRequest({
        eventId: `${isDryRun ? dryRunPrefix : ''}${newId()}`,
        now: clock.now(),
        channel: cell.channel,
        requestType: cell.requestType,
        phoneNumber: to.number,
        otp: String(randomInt(1_000_000)).padStart(6, '0'),
        locale: cell.locale,
      }),
    signal,
  );
  const isSent = !isDryRun;
  if (result instanceof OktaOtpError) {
    return { cell, outcome: 'failed', why: [result.message], ms: undefined, isSent };
  }
  const facts = factsOf(result);
  const tells = targetTells[target.name];
  const told = cell.expected.filter(({ name }) => tells.includes(name) && facts[name] !== notTold);
  const unmet = unmetBy(facts, told);
  const why = unmet.map(({ name, expected, got }) => `expected ${name} ${expected}, got ${got}`);
  const because = why.length > 0 && facts.cause !== undefined ? [String(facts.cause)] : [];
  // A hook that is not ours does not know of dry runs: that must not look like a check that costs nothing.
  const sent = whatWasSent(result);
  if (isDryRun && sent.kind === 'message') {
    return { cell, outcome: 'failed', why: [sent.words ?? ''], ms: result.tookMs, isSent: true };
  }
  const answered = why.length > 0 && facts.http !== 200 ? [result.failure?.means ?? result.verdict.reason] : [];
  if (why.length === 0 && cell.expected.some(({ name }) => facts[name] === notTold)) {
    return { cell, outcome: 'unchecked', why: [textUnchecked], ms: result.tookMs, isSent };
  }
  return {
    cell,
    outcome: why.length === 0 ? 'good' : 'failed',
    why: [...because, ...answered, ...why],
    ms: result.tookMs,
    isSent,
  };
}
