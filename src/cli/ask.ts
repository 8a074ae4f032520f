import type { Context } from './context.ts';

export interface AskDeps {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Ends the question, and is aborted by Ctrl-C and Ctrl-D in it. */
  readonly interrupted: AbortController;
}

/** Makes the function by which a command asks a person something. */
export function createAsk({ input: stdin, output, interrupted }: AskDeps): Context['ask'] {
  return async (question) => {
    // On first use: it takes as long to load as all the rest of a command.
    const { input } = await import('@inquirer/prompts');
    const closed = new AbortController();
    // Ctrl-D closes its input, which pauses the stream; Inquirer would wait for ever. So does an answer, which stands then.
    const close = () => closed.abort();
    stdin.once('pause', close);
    try {
      const signal = AbortSignal.any([interrupted.signal, closed.signal]);
      return await input({ message: question }, { input: stdin, output, signal });
    } catch (error) {
      // In a prompt the terminal sends no SIGINT: Ctrl-C arrives as a key.
      if (error instanceof Error && endings.includes(error.name)) interrupted.abort();
      throw error;
    } finally {
      stdin.removeListener('pause', close);
    }
  };
}

/** How Inquirer says that nobody will answer any more. */
const endings = ['ExitPromptError', 'AbortPromptError'];
