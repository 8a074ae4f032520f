import type { Context } from './context.ts';

export interface Progress {
  step(done: number, all: number): void;
  /** Takes the line away that was drawn. */
  end(): void;
}

/** Says how far something long has come: a line that is drawn anew where a person watches, else one line in every ten. */
export function createProgress(
  { stderr, isInteractive }: Pick<Context, 'stderr' | 'isInteractive'>,
  doing: string,
): Progress {
  // https://en.wikipedia.org/wiki/ANSI_escape_code#CSI_sequences: back to the start, and erase the line.
  const anew = '\r\u001b[2K';
  let isDrawn = false;
  return {
    step(done, all) {
      if (isInteractive) stderr.write(`${anew}${doing} ${done} of ${all}`);
      else if (done % 10 === 0 || done === all) stderr.write(`${doing} ${done} of ${all}\n`);
      isDrawn = isInteractive;
    },
    end() {
      if (isDrawn) stderr.write(anew);
      isDrawn = false;
    },
  };
}

/** Progress for a person alone: a log would not want it, nor whoever reads `--json`. */
export const createTerminalProgress = (
  context: Pick<Context, 'stderr' | 'isInteractive'>,
  doing: string,
  { json }: { readonly json?: boolean },
): Progress =>
  context.isInteractive && json !== true ? createProgress(context, doing) : { step: () => {}, end: () => {} };
