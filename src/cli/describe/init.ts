import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import type { InitFlags } from '../init-answers.ts';

/** Describes the command `init`; what it does is imported when it is called. */
export function describeInit(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  program
    .command('init')
    .summary('describe where okta-otp runs, and start a catalog')
    .description(
      'Asks where okta-otp shall run and writes okta-otp.json with that environment, and a catalog that can be published beside it. Looks into the AWS account for what is there: sandbox, numbers and sender IDs, and how fast they send. It creates nothing in AWS and overwrites no file; run again, it adds another environment. Every question has an option; where nobody can be asked, --region, --issuer and --org are needed.',
    )
    .option('--env <name>', 'name of the environment (default: dev, for the first one)')
    .option('--region <region>', "AWS Region of the stack (default: the SDK's own)")
    .option('--profile <name>', 'profile of the AWS configuration files (default: as for the AWS CLI)')
    .option('--issuer <url>', 'issuer URI of the custom authorization server in Okta')
    .option('--client-id <id>', "client id of the hook's app in Okta; it can follow later")
    .option('--scope <scope>', "scope of the hook's token; it can follow later")
    .option('--audience <audience>', 'audience of the authorization server (default: api://default)')
    .option('--org <name>', 'name of your organization, as messages show it')
    .option('--languages <tags>', 'languages to start with, with commas, or all (default: en)')
    .option('--peak-per-second <n>', 'codes a second at the busiest time, to compare the numbers with')
    .option('--production', 'ask for the name of the environment before it is changed (default: if it is called prod)')
    .option('--no-production', 'ask for a yes only')
    .option('--no-detect', 'do not look into the AWS account')
    .option('--config <file>', 'the file, where it is not okta-otp.json')
    .option('--yes', 'take the defaults for everything that is not given, and do not ask')
    .option('--json', 'print the result (and errors) as JSON')
    .action(async (flags: InitFlags) => {
      const { init } = await import('../commands/init.ts');
      onEnd(await init(context, flags));
    });
}
