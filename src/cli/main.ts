import { CommanderError } from 'commander';
import { OktaOtpError } from '../core/error.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit.ts';
import { exit } from './exit.ts';
import { createProgram } from './program.ts';

/**
 * Runs the command line and says how it ended; every error is printed here, once.
 *
 * @param args - without the interpreter and the script
 */
export async function main(args: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = exit.done;
  const program = createProgram(context, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (context.signal.aborted) return exit.interrupted;
    // Help and version end by an "error" of code 0; what is wrong with the command line commander has told already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
    const known = error instanceof OktaOtpError ? error : unexpected(error);
    context.stderr.write(args.includes('--json') ? renderJson(known) : renderText(known));
    return known.exitCode === exit.usage || known.exitCode === exit.credentials ? known.exitCode : exit.failed;
  }
}

/** A bug, or something that no adapter has translated: its kind, and where to tell us. */
const unexpected = (error: unknown): OktaOtpError =>
  new OktaOtpError(
    'unexpected',
    `something unexpected failed: ${error instanceof Error ? error.message : 'no error'}`,
    {
      hint: 'run the command again with --help, and report it if it stays',
      cause: error,
    },
  );

const renderText = ({ message, hint }: OktaOtpError) =>
  `error: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`;

const renderJson = ({ code, message, hint }: OktaOtpError) =>
  `${JSON.stringify({ error: { code, message, ...(hint === undefined ? {} : { hint }) } })}\n`;
