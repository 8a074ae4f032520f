import { UsageError } from '../core/error.ts';
import type { TargetName } from './call-report.ts';
import type { TestCallFlags } from './describe/test-call.ts';

/** An option that would change nothing is a mistake, and is not passed over. */
export function refuseUnusedFlags(target: TargetName, flags: TestCallFlags): void {
  const asksAws = target === 'invoke' || flags.wait !== undefined;
  const rules: readonly (readonly [option: string, isGiven: boolean, isUsed: boolean, use: string])[] = [
    ['--dir', flags.dir !== undefined, target === 'local' || flags.matrix === true, 'with --local and --matrix'],
    ['--issuer', flags.issuer !== undefined, target === 'url', 'with --url and --env'],
    ['--client-id', flags.clientId !== undefined, target === 'url', 'with --url and --env'],
    ['--scope', flags.scope !== undefined, target === 'url', 'with --url and --env'],
    ['--key-file', flags.keyFile !== undefined, target === 'url', 'with --url and --env'],
    ['--key-id', flags.keyId !== undefined, target === 'url', 'with --url and --env'],
    ['--secret-file', flags.secretFile !== undefined, target === 'url', 'with --url and --env'],
    ['--region', flags.region !== undefined, asksAws, 'with --invoke and --wait'],
    ['--profile', flags.profile !== undefined, asksAws, 'with --invoke and --wait'],
    ['--configuration-set', flags.configurationSet !== undefined, flags.wait !== undefined, 'with --wait'],
    ['--wait', flags.wait !== undefined, target !== 'local' && isSingle(flags), 'with one call of a deployed hook'],
    ['--wait', flags.wait !== undefined, flags.dryRun !== true, 'without --dry-run, which sends no message'],
    [
      '--simulator',
      flags.simulator === true,
      flags.matrix === true && target !== 'local',
      'with --matrix on a deployed hook',
    ],
    ['--junit', flags.junit !== undefined, flags.matrix === true, 'with --matrix'],
    ['--concurrency', flags.concurrency !== undefined, !isSingle(flags), 'with --repeat and --matrix'],
    [
      '--repeat',
      flags.repeat !== undefined,
      flags.matrix !== true && flags.save === undefined,
      'without --matrix and --save',
    ],
    ...(['repeat', 'concurrency', 'expect', 'wait'] as const).map(
      (name) => [optionOf(name), flags[name] !== undefined, flags.print !== true, 'without --print'] as const,
    ),
    ...(['channel', 'locale', 'requestType', 'otp', 'set', 'from', 'save', 'print', 'dryRun', 'expect'] as const).map(
      (name) => [optionOf(name), flags[name] !== undefined, flags.matrix !== true, 'without --matrix'] as const,
    ),
  ];
  const unused = rules.find(([, isGiven, isUsed]) => isGiven && !isUsed);
  if (unused === undefined) return;
  const [option, , , use] = unused;
  throw new UsageError('option-unused', `"${option}" has a use only ${use}`, { hint: 'okta-otp test-call --help' });
}

const isSingle = ({ repeat, matrix }: TestCallFlags) => repeat === undefined && matrix !== true;

const optionOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
