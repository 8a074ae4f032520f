import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { switchOnHelp } from './catalog.ts';

/** As commander has parsed them. */
export interface StackFlags {
  readonly config?: string;
  readonly env?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

export interface DeployFlags extends StackFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly canary?: boolean;
  readonly switchOn?: boolean;
}

export interface DiffFlags extends StackFlags {
  readonly exitCode?: boolean;
}

export interface DestroyFlags extends StackFlags {
  readonly yes?: boolean;
  readonly retainData?: boolean;
}

export interface RollbackFlags extends StackFlags {
  readonly authorizer?: boolean;
  readonly yes?: boolean;
}

/** Describes the commands for the stack as a whole; what one does is imported when it is called. */
export function describeDeploy(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  const described = (name: string, summary: string, description: string) =>
    program
      .command(name)
      .summary(summary)
      .description(description)
      .option('--env <name>', 'environment of okta-otp.json (default: the only one)')
      .option('--config <file>', 'the file (default: okta-otp.json)')
      .option('--region <region>', "AWS Region (default: the environment's)")
      .option(
        '--profile <name>',
        "profile of the AWS configuration files (default: the environment's, then the SDK's)",
      );

  described(
    'deploy',
    'bring the stack up, or up to date',
    'Uploads the functions, shows what would change, and after a yes creates or updates the stack, publishes the catalog, and tries whether it works. What is as it should be is left alone. Run again, it takes up whatever an earlier run has left.',
  )
    .option('--yes', 'do not ask; needed where nobody can answer')
    .option('--dry-run', 'show the plan and stop; what was made to look is removed')
    .option('--canary', 'give new code a tenth of the requests for 15 minutes, and take it back when deliveries fail')
    .option('--switch-on', switchOnHelp)
    .option('--json', 'print every step (and errors) as JSON, one document a line')
    .action(async (options: DeployFlags) => {
      const { deploy } = await import('../commands/deploy.ts');
      onEnd(await deploy(context, options));
    });

  described(
    'diff',
    'show what a deployment would change',
    'Compares the template, its parameters and the catalog with what is deployed. Nothing is made to look.',
  )
    .option('--exit-code', 'end with 3 when there is a difference')
    .option('--json', 'print the result (and errors) as JSON')
    .action(async (options: DiffFlags) => {
      const { diff } = await import('../commands/diff.ts');
      onEnd(await diff(context, options));
    });

  described(
    'status',
    'show what is deployed, and whether it is well',
    'Shows the stack, the versions that are live, the catalog, the failures queue, the alarms and the spend limits. Ends with 3 when something of it is not well.',
  )
    .option('--json', 'print the result (and errors) as JSON')
    .action(async (options: StackFlags) => {
      const { showStatus } = await import('../commands/status.ts');
      onEnd(await showStatus(context, options));
    });

  described(
    'rollback',
    'go back to an earlier version of the code',
    'Points the alias of the sender at the version before, or at the one that is named, with the settings that it had; it holds from the next request on. What is published of the catalog stays: catalog rollback is for that.',
  )
    .argument('[version]', 'number of the version (default: the one before)')
    .option('--authorizer', 'the authorizer in place of the sender')
    .option('--yes', 'do not ask; needed where nobody can answer')
    .option('--json', 'print the result (and errors) as JSON')
    .action(async (wanted: string | undefined, options: RollbackFlags) => {
      const { rollBackCode } = await import('../commands/rollback.ts');
      onEnd(await rollBackCode(context, wanted, options));
    });

  described(
    'destroy',
    'delete the stack',
    'Deletes the stack and its tables, after the name of the environment was typed. Says what stays, what that costs, and what to do in Okta first.',
  )
    .option('--retain-data', 'keep the catalog table and the ledger table')
    .option('--yes', 'do not ask; needed where nobody can answer')
    .option('--json', 'print every step (and errors) as JSON, one document a line')
    .action(async (options: DestroyFlags) => {
      const { destroy } = await import('../commands/destroy.ts');
      onEnd(await destroy(context, options));
    });
}
