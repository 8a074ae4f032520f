import { OktaOtpError, UsageError } from '../../core/error.ts';
import type { Context } from '../context.ts';
import { sameEnvironment, withDeployment } from '../deployment.ts';
import type { RollbackFlags } from '../describe/deploy.ts';
import type { ExitCode } from '../exit.ts';
import { exit } from '../exit.ts';
import { confirm } from '../published-catalog.ts';

/** Points the alias of the sender, or of the authorizer, at an earlier version: the one before unless it is named. */
export async function rollBackCode(
  context: Context,
  wanted: string | undefined,
  flags: RollbackFlags,
): Promise<ExitCode> {
  if (wanted !== undefined && !/^[1-9]\d{0,8}$/.test(wanted)) {
    throw new UsageError('function-version-invalid', 'a version of a function is a number', {
      hint: 'okta-otp rollback, without one, goes to the version before',
    });
  }
  return await withDeployment(context, flags, async ({ access, environment, stacks }) => {
    const { signal, services, stderr, stdout } = context;
    const name = flags.authorizer === true ? 'authorizer' : 'sender';
    const stack = await stacks.find(environment.stackName, signal);
    const arn = stack?.outputs[flags.authorizer === true ? 'AuthorizerFunctionAlias' : 'SenderFunctionAlias'] ?? '';
    const functions = await services.openFunctions(access);
    try {
      const alias = await functions.alias(arn, signal);
      if (alias === undefined) {
        throw new OktaOtpError('not-deployed', `the environment "${environment.name}" is not deployed`, {
          hint: 'okta-otp deploy',
        });
      }
      // CodeDeploy is at work on the alias, and would move it on.
      if (alias.shifting !== undefined) {
        throw new OktaOtpError('requests-shifting', `requests shift to version ${alias.shifting.version} just now`, {
          hint: 'an alarm takes it back: ring one, as docs/incidents.md says, or wait for the end and go back then',
        });
      }
      const from = Number(alias.version);
      const versions = await functions.versions(arn, signal);
      const to = wanted === undefined ? Math.max(...versions.filter((of) => of < from)) : Number(wanted);
      if (!versions.includes(to)) {
        throw new UsageError(
          'function-version-unknown',
          wanted === undefined ? `the ${name} has no version before ${from}` : `the ${name} has no such version`,
          { hint: `it is at ${from}; there is ${versions.join(', ')}` },
        );
      }
      const question = `Point the ${name} of ${environment.name} at version ${to} in place of ${from}?`;
      if (!(await confirm(context, flags, { question, command: 'rollback' }))) return exit.interrupted;
      if (to !== from) await functions.moveTo(arn, String(to), signal);
      if (flags.json === true) stdout.write(`${JSON.stringify({ function: name, from, to })}\n`);
      else {
        const back = `okta-otp rollback ${from}${flags.authorizer === true ? ' --authorizer' : ''}${sameEnvironment(flags)}`;
        stderr.write(`The ${name} is at version ${to}, from the next request on. Back to where it was: ${back}\n`);
        stderr.write(
          'The catalog stays as it is. A deployment of other code or settings ends it; one without leaves it.\n',
        );
      }
      return exit.done;
    } finally {
      functions.close();
    }
  });
}
