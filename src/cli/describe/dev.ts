import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';

/** As commander has parsed them. */
export interface DevFlags {
  readonly dir?: string;
  readonly port?: number;
  readonly hookPort?: number;
  readonly issuer?: string;
  readonly audience?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly clientKey?: string;
  readonly json?: boolean;
}

/** Describes the command `dev`; what it does is imported when it is called. */
export function describeDev(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  program
    .command('dev')
    .summary('run the whole chain on this machine, and watch the phones on a page')
    .description(
      'Runs everything between Okta and a phone on this machine, from the very bundles that are deployed, and shows the phones on a web page: compose requests, read and hear messages, edit templates, break things and see what Okta would have done. Nothing leaves this machine. Ends with Ctrl-C.',
    )
    .option(
      '--dir <folder>',
      "folder of the catalog's files, followed as they change (default: the environment's, then catalog, then the package's own)",
    )
    .option('--port <port>', 'port of the page (default: one that is free)', toPort)
    .option('--hook-port <port>', 'port of the hook, for a tunnel that shall find it again', toPort)
    .option('--issuer <url>', 'trust the tokens of a real authorization server too, to point an Okta preview here')
    .option('--audience <audience>', 'audience of these tokens (default: api://default)')
    .option('--client-id <id>', "client id of the hook's app in Okta")
    .option('--scope <scope>', 'scope that the hook asks for')
    .option(
      '--client-key <file>',
      "write the local client's private key there (JWK) while this runs, for a client of your own",
    )
    .option(
      '--json',
      'print every event (and errors) as one line of JSON; messages are in it with their codes and full numbers',
    )
    .action(async (flags: DevFlags) => {
      const { runDev } = await import('../commands/dev.ts');
      onEnd(await runDev(context, flags));
    });
}

function toPort(typed: string): number {
  const port = Number(typed);
  if (!/^\d{1,5}$/.test(typed) || port > 65_535) throw new InvalidArgumentError('It must be the number of a port.');
  return port;
}
