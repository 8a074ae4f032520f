import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { OktaOtpError, UsageError } from '../core/error.ts';
import type { GivenOptions } from './complete-hint.ts';
import { completeHint } from './complete-hint.ts';
import type { Context } from './context.ts';
import type { ExitCode } from './exit.ts';
import { exit } from './exit.ts';
import { explainProfile } from './missing-profile.ts';
import { createProgram } from './program.ts';
import { withHint } from './with-hint.ts';

/**
 * Runs the command line and says how it ended; every error is printed here, once.
 *
 * @param args - without the interpreter and the script
 */
export async function main(args: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = exit.done;
  const isJson = args.includes('--json');
  const program = createProgram(isJson ? withoutNotices(context) : context, (ended) => {
    code = ended;
  });
  let given: GivenOptions = {};
  program.hook('preAction', (_, command) => {
    given = command.opts();
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (context.signal.aborted) return exit.interrupted;
    // Help and version end by an "error" of code 0, and a missing command by one that has shown help.
    if (error instanceof CommanderError && error.exitCode === 0) return exit.done;
    if (error instanceof CommanderError && error.code === 'commander.help') return exit.usage;
    const known = typable(
      toKnown(await explainProfile(error, context, profileOf(context, given)), program, args),
      program,
      given,
    );
    context.stderr.write(isJson ? renderJson(known) : renderText(known));
    return known.exitCode === exit.usage || known.exitCode === exit.credentials ? known.exitCode : exit.failed;
  }
}

/** Of the command line, else the one that the SDK finds. */
const profileOf = ({ env }: Context, { profile }: GivenOptions) =>
  typeof profile === 'string' ? profile : env['AWS_PROFILE'] || undefined;

/** With what was typed to say where it works in the commands of its hint. */
function typable(error: OktaOtpError, program: Command, given: GivenOptions): OktaOtpError {
  return error.hint === undefined ? error : withHint(error, completeHint(error.hint, program, given));
}

/** With `--json`, and nobody there to read them, notices would stand between whoever reads stderr and an error's document. */
const withoutNotices = (context: Context): Context =>
  context.isInteractive ? context : { ...context, stderr: { ...context.stderr, write: () => {} } };

function toKnown(error: unknown, program: Command, args: readonly string[]): OktaOtpError {
  if (error instanceof OktaOtpError) return error;
  return error instanceof CommanderError ? misused(error, program, args) : unexpected(error);
}

/** Commander's words, without what it quotes of codes and numbers: a mistyped `--opt=123456` is a code all the same. */
function misused({ message, code }: CommanderError, program: Command, args: readonly string[]): UsageError {
  const named = namesOf(program, args);
  const group = groupOf(program, named);
  if (group !== undefined && code === 'commander.unknownOption' && message.includes("'--json'")) {
    const names = group.commands.map((command) => command.name()).join(', ');
    return new UsageError('usage', `it needs one of its commands: ${names}`, {
      hint: ['okta-otp', ...named, '--help'].join(' '),
    });
  }
  const text = message.replace(/^error: /, '').replaceAll('\n', ' ');
  // What was typed is quoted before, and after it come our own words with the numbers that are allowed.
  const own = text.lastIndexOf(' is invalid. ');
  const words = own < 0 ? withoutNumbers(text) : withoutNumbers(text.slice(0, own)) + text.slice(own);
  return new UsageError('usage', words, { hint: ['okta-otp', ...named, '--help'].join(' ') });
}

/** The command of these names where it does nothing without a further one. */
function groupOf(program: Command, names: readonly string[]): Command | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return program;
  const found = program.commands.find((command) => command.name() === name);
  return found === undefined || found.commands.length === 0 ? undefined : groupOf(found, rest);
}

/** The command that was meant, as far as its names are right: `failures show`. */
function namesOf(command: Command, args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  const named = command.commands.find((known) => known.name() === args[at]);
  return named === undefined ? [] : [named.name(), ...namesOf(named, args.slice(at + 1))];
}

/** A bug, or something that no adapter has translated: its kind, and where to tell us. */
const unexpected = (error: unknown): OktaOtpError =>
  new OktaOtpError(
    'unexpected',
    `something unexpected failed: ${error instanceof Error ? withoutNumbers(error.message) : 'no error'}`,
    {
      hint: 'run the command again with --help, and report it if it stays',
      cause: error,
    },
  );

/** Runs of four and more digits could be a code or a telephone number. */
const withoutNumbers = (text: string) => text.replace(/\+?\d(?:[\s().,-]*\d){3,}/g, '…');

const renderText = ({ message, hint }: OktaOtpError) =>
  `error: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`;

const renderJson = ({ code, message, hint }: OktaOtpError) =>
  `${JSON.stringify({ error: { code, message, ...(hint === undefined ? {} : { hint }) } })}\n`;
