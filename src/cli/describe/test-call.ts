import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { Channel } from '../../core/channel.ts';
import { channels } from '../../core/channel.ts';
import type { RequestType } from '../../core/request-type.ts';
import { requestTypes } from '../../core/request-type.ts';
import type { DeployedHook } from '../call-target/deployed-hook.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';

/** What the request says; what is absent has a default, or stands in the file of `--from`. */
export interface RequestFlags {
  readonly channel?: Channel;
  readonly locale?: string;
  readonly requestType?: RequestType;
  readonly otp?: string;
  readonly set?: readonly string[];
  readonly from?: string;
  readonly save?: string;
  readonly print?: boolean;
  readonly dryRun?: boolean;
}

/** Where the request goes. */
export interface TargetFlags {
  readonly local?: boolean;
  readonly dir?: string;
  /** Of `okta-otp.json`: its stack says where the hook is. */
  readonly env?: string;
  /** No option: what `--env` has found out. */
  readonly deployed?: DeployedHook;
  readonly url?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly keyFile?: string;
  readonly keyId?: string;
  readonly secretFile?: string;
  readonly invoke?: string;
  readonly region?: string;
  readonly profile?: string;
}

/** As commander has parsed them. */
export interface TestCallFlags extends RequestFlags, TargetFlags {
  readonly expect?: readonly string[];
  readonly repeat?: number;
  readonly concurrency?: number;
  readonly matrix?: boolean;
  readonly simulator?: boolean;
  readonly junit?: string;
  /** `true` without a number of seconds. */
  readonly wait?: number | true;
  readonly configurationSet?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const collect = (value: string, before: readonly string[] = []) => [...before, value];

const wholeNumber =
  (max: number) =>
  (value: string): number => {
    const count = /^\d{1,6}$/.test(value) ? Number(value) : 0;
    if (count < 1 || count > max) throw new InvalidArgumentError(`It must be a number from 1 to ${max}.`);
    return count;
  };

/** Describes the command `test-call`; what it does is imported when it is called. */
export function describeTestCall(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  program
    .command('test-call')
    .summary('send a simulated Okta hook request through the whole chain')
    .description(
      'Sends a simulated Okta hook request through the whole chain – token, gateway, authorizer, sender, catalog, End User Messaging – and shows the way it took, what the phone shows, and what Okta would make of the answer. Without `--env`, `--url` or `--invoke` it runs on this machine and sends nothing to anybody.',
    )
    .argument('[phone]', 'number to send to, in E.164 form such as +34612345678')
    .addOption(new Option('--channel <channel>', 'how the code travels (default: sms)').choices(channels))
    .option('--locale <tag>', 'locale of the Okta user, as BCP 47 (default: en-US)')
    .addOption(
      new Option('--request-type <type>', 'what the code is for (default: mfa-verification)').choices(requestTypes),
    )
    .option('--otp <code>', 'the code (default: a random one)')
    .option('--set <path=value>', 'set a field, as data.messageProfile.locale=pt-BR; may be repeated', collect)
    .option('--from <file>', "start from a request in a file; event id and times are made new, unless they are '--set'")
    .option('--save <file>', 'write the request, with its code and number, to a file that only you can read')
    .option('--print', 'print the request, with its code and number, and send nothing')
    .option('--dry-run', 'ask the service for everything but the message (event id dryrun-…)')
    .option('--local', 'call a cloud of its own on this machine (the default)')
    .option(
      '--dir <folder>',
      "the catalog that the local cloud uses (default: the environment's, then catalog, then the sample)",
    )
    .option('--env <name>', 'call the hook that this environment of okta-otp.json has deployed')
    .option('--url <url>', 'call a deployed hook, with a token from the authorization server')
    .option(
      '--issuer <url>',
      "with --url: the authorization server, such as https://example.okta.com/oauth2/default (--env: the environment's)",
    )
    .option('--client-id <id>', "with --url: the hook's own app (--env: the environment's)")
    .option('--scope <scope>', "with --url: what the token is for (default: telephony.hook; --env: the environment's)")
    .option(
      '--key-file <file>',
      'with --url or --env: a private key of yours on that app, PEM or JWK (or OKTA_OTP_CLIENT_KEY holds it)',
    )
    .option('--key-id <kid>', 'with --url or --env: the id of that key, if the file is no JWK that has it')
    .option(
      '--secret-file <file>',
      "with --url or --env: the app's secret instead (or OKTA_OTP_CLIENT_SECRET holds it)",
    )
    .option('--invoke <function>', 'invoke the sender directly, by name or ARN, with or without an alias')
    .option('--region <region>', "with --invoke and --wait: the AWS Region (--env: the environment's)")
    .option(
      '--profile <name>',
      "with --invoke and --wait: the profile of the AWS configuration files (--env: the environment's)",
    )
    .option('--expect <name=value>', 'end with 3 unless it holds, as status=SUCCESSFUL; may be repeated', collect)
    .option('--repeat <times>', 'call that often, and show how long it took', wholeNumber(10_000))
    .option('--concurrency <calls>', 'with --repeat or --matrix: calls at a time', wholeNumber(100))
    .option('--matrix', 'call for every language, channel and request type, and for every country of the catalog')
    .option('--simulator', "with --matrix: send to the service's simulator numbers, where a country has one")
    .option('--junit <file>', 'with --matrix: write the result as JUnit XML')
    .option('--wait [seconds]', 'follow the message to its delivery receipt (default: 60 s)', wholeNumber(900))
    .option('--configuration-set <name>', 'with --wait: where receipts are set up (default: any of the account)')
    .option('--yes', 'send several real messages without asking')
    .option('--json', 'print the result (and errors) as JSON')
    .action(async (phone: string | undefined, options: TestCallFlags) => {
      const { testCall } = await import('../commands/test-call.ts');
      onEnd(await testCall(context, phone, options));
    });
}
