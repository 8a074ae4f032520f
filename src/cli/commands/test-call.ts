import type { Expectation } from '../../core/expectation.ts';
import { unmetBy } from '../../core/expectation.ts';
import type { HookBody } from '../../core/hook-contract.ts';
import { readCallCatalog } from '../call-catalog.ts';
import type { CallReport } from '../call-report.ts';
import { factsOf } from '../call-report.ts';
import { fromEnvironment } from '../call-target/from-environment.ts';
import { openTarget, targetNamed } from '../call-target/open-target.ts';
import type { CallTarget } from '../call-target/target.ts';
import { targetTells } from '../call-target/target.ts';
import { readExpectations } from '../check-expectations.ts';
import type { Context } from '../context.ts';
import type { TestCallFlags } from '../describe/test-call.ts';
import { catalogFolderOf } from '../environments.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import type { Receipt } from '../follow-receipt.ts';
import { describeReceipt, followReceipt, isDelivered } from '../follow-receipt.ts';
import { renderTestCall } from '../render-test-call.ts';
import type { MakeRequest } from '../simulated-requests.ts';
import { readRequest } from '../simulated-requests.ts';
import { refuseUnusedFlags } from '../unused-flags.ts';
import { whatWasSent } from '../what-was-sent.ts';
import { writeText } from '../write-text.ts';
import { callMatrix } from './test-call-matrix.ts';
import { callRepeatedly } from './test-call-repeat.ts';

/** As long as a person waits for a receipt that says nothing else. */
const defaultWaitSeconds = 60;

/** Sends simulated hook requests and shows the way they took; not good when Okta would send the code itself. */
export async function testCall(context: Context, phone: string | undefined, given: TestCallFlags): Promise<ExitCode> {
  const flags = await fromEnvironment(context, given);
  const targetName = targetNamed(flags);
  refuseUnusedFlags(targetName, flags);
  if (flags.matrix === true) return await callMatrix(context, phone, flags);

  let make = await readRequest(context, phone, flags);
  const tells = [...targetTells[targetName], ...(flags.wait === undefined ? [] : (['receipt'] as const))];
  const expectations = readExpectations(flags.expect ?? [], tells, targetName);
  if (flags.print === true || flags.save !== undefined) {
    const body = make();
    await writeRequest(context, body, flags);
    if (flags.print === true) return exit.done;
    make = () => body;
  }
  return await withTarget(context, flags, async (target) => {
    if (flags.repeat !== undefined) {
      return await callRepeatedly(context, { target, make, expectations, flags, times: flags.repeat });
    }
    return await callOnce(context, { target, make, expectations, flags });
  });
}

/** Opens the target for as long as `use` takes. */
async function withTarget(
  context: Context,
  flags: TestCallFlags,
  use: (target: CallTarget) => Promise<ExitCode>,
): Promise<ExitCode> {
  const isLocal = targetNamed(flags) === 'local';
  const catalog = isLocal ? await readCallCatalog(context, await catalogFolderOf(context, flags)) : undefined;
  if (isLocal && flags.json !== true) {
    context.stderr.write('Starting the local cloud: nothing leaves this machine.\n');
  }
  const target = await openTarget(context, flags, async () => catalog?.files ?? []);
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}

interface Call {
  readonly target: CallTarget;
  readonly make: MakeRequest;
  readonly expectations: readonly Expectation[];
  readonly flags: TestCallFlags;
}

async function callOnce(context: Context, { target, make, expectations, flags }: Call): Promise<ExitCode> {
  const report = await target.call(make());
  const receipt = await receiptOf(context, report, flags);
  const facts = { ...factsOf(report), receipt: receipt?.kind === 'final' ? receipt.last.eventType : undefined };
  const unmet = unmetBy(facts, expectations);
  const { why: unsent } = whatWasSent(report);
  const full: CallReport = {
    ...report,
    ...(unsent === undefined ? {} : { unsent }),
    ...(expectations.length === 0 ? {} : { unmet }),
    ...(receipt === undefined ? {} : { receipt }),
  };
  if (flags.json === true) context.stdout.write(`${JSON.stringify(full)}\n`);
  else {
    const [first, second] = receipt === undefined ? [] : describeReceipt(receipt);
    const lines = [...(first === undefined ? [] : [`receipt     ${first}`]), ...(second === undefined ? [] : [second])];
    context.stdout.write([renderTestCall(full, context.stdout), ...lines.map((line) => `${line}\n`)].join(''));
  }
  const isReceiptGood =
    receipt === undefined || expectations.some(({ name }) => name === 'receipt') || isDelivered(receipt);
  return isGood(report, expectations, unmet.length) && isReceiptGood ? exit.done : exit.notGood;
}

/** Whoever says what they expect decides by that alone: `--expect status=FAILED` is a good test of a block. */
function isGood({ verdict }: CallReport, expectations: readonly Expectation[], unmet: number): boolean {
  if (unmet > 0) return false;
  const saysItself = expectations.some(({ name }) => ['status', 'verdict', 'http', 'cause', 'answer'].includes(name));
  return saysItself || verdict.codeTakenForSent;
}

async function receiptOf(context: Context, report: CallReport, flags: TestCallFlags): Promise<Receipt | undefined> {
  if (flags.wait === undefined) return undefined;
  const seconds = flags.wait === true ? defaultWaitSeconds : flags.wait;
  if (flags.json !== true) context.stderr.write(`Waiting for the delivery receipt, ${seconds} s at most.\n`);
  return await followReceipt(context, report, {
    seconds,
    configurationSet: flags.configurationSet ?? context.env['OKTA_OTP_CONFIGURATION_SET'],
    region: flags.region,
    profile: flags.profile,
  });
}

/** The request is the operator's own, and so is its code: it is shown and kept only where that is asked for. */
async function writeRequest(context: Context, body: HookBody, { save, print, json }: TestCallFlags): Promise<void> {
  const text = `${JSON.stringify(body, null, 2)}\n`;
  if (save !== undefined) {
    await writeText(context.cwd, save, { what: 'the request of --save', text, mode: 0o600 });
    if (json !== true) context.stderr.write('Saved the request, with its code and number.\n');
  }
  if (print === true) context.stdout.write(text);
}
