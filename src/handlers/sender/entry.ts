import { systemClock } from '../system-clock.ts';
import { sleepThroughPings } from '../warm-ping.ts';
import { readBundledCatalog } from './bundled-catalog.ts';
import { parseConfig } from './config.ts';
import { createSender } from './create.ts';
import { createSenderDeps } from './deps.ts';

export const handler = sleepThroughPings(
  createSender(
    createSenderDeps(parseConfig(process.env), {
      clock: systemClock,
      log: (line) => process.stdout.write(`${line}\n`),
      bundled: readBundledCatalog(import.meta.dirname),
    }),
  ),
);
