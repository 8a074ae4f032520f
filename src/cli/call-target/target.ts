import type { FactName } from '../../core/expectation.ts';
import type { HookBody } from '../../core/hook-contract.ts';
import type { CallReport, TargetName } from '../call-report.ts';

/** Where simulated requests go. A new one is one more file here, and one more line in `open-target.ts`. */
export interface CallTarget {
  readonly name: TargetName;
  /** Whether a message reaches somebody, and costs something. */
  readonly isReal: boolean;
  /** Makes many calls at a time possible without measuring how this machine starts functions; sends nothing. */
  warmUp(concurrency: number): Promise<void>;
  /** Sends one request. Rejects with an error for a person when there is no answer at all. */
  call(body: HookBody): Promise<CallReport>;
  close(): Promise<void>;
}

/** What every answer of our sender tells, wherever it runs. */
const everyReplyTells: readonly FactName[] = [
  'status',
  'verdict',
  'http',
  'maxMs',
  'channel',
  'cause',
  'locale',
  'template',
];

/** What can be expected of a target's calls. */
export const targetTells: Readonly<Record<TargetName, readonly FactName[]>> = {
  local: [...everyReplyTells, 'answer', 'country', 'lineType', 'match', 'identity', 'parts', 'encoding', 'ledger'],
  url: everyReplyTells,
  invoke: everyReplyTells,
};
