import type { StackEvent } from '../aws/stack.ts';
import type { Context } from './context.ts';
import { createStackProgress } from './stack-progress.ts';

/** How a long command tells what it does: in words on stderr, or as JSON on stdout, one document a line. */
export interface DeployReport {
  readonly isJson: boolean;
  /** Words for a person; nothing with `--json`. */
  say(words: string): void;
  /** A document of the stream; nothing without `--json`. */
  event(type: string, content?: Readonly<Record<string, unknown>>): void;
  /** Follows the events of a stack, of which so many resources are expected to change; what takes long may have a note. */
  progress(expected: number, notes?: ReadonlyMap<string, string>): StackFollower;
}

/** Tells the events of a stack one by one. */
export interface StackFollower {
  readonly onEvent: (event: StackEvent) => void;
  /** Removes what is only good while it goes on, such as a bar. */
  end(): void;
}

export function createReport(context: Context, { json }: { readonly json?: boolean }): DeployReport {
  const isJson = json === true;
  const event: DeployReport['event'] = (type, content = {}) => {
    if (isJson) context.stdout.write(`${JSON.stringify({ type, ...content })}\n`);
  };
  return {
    isJson,
    say(words) {
      if (!isJson) context.stderr.write(`${words}\n`);
    },
    event,
    progress(expected, notes = new Map()) {
      if (!isJson) return createStackProgress(context, { expected, notes });
      return {
        onEvent: ({ at, logicalId, type, status, reason }) =>
          event('resource', {
            at: new Date(at).toISOString(),
            resource: logicalId,
            resourceType: type,
            status,
            reason,
            note: status.endsWith('_IN_PROGRESS') ? notes.get(logicalId) : undefined,
          }),
        end() {},
      };
    },
  };
}
