import { systemClock } from '../system-clock.ts';
import { sleepThroughPings } from '../warm-ping.ts';
import { parseConfig } from './config.ts';
import { createAuthorizer } from './create.ts';
import { createAuthorizerDeps } from './deps.ts';

export const handler = sleepThroughPings(
  createAuthorizer(
    createAuthorizerDeps(parseConfig(process.env), {
      clock: systemClock,
      log: (line) => process.stdout.write(`${line}\n`),
    }),
  ),
);
