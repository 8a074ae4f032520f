import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

// The tests that take minutes: what `npm test` tries a thousand times, a hundred times as often.
const tiers = [
  {
    name: 'simulation: worlds of slow, broken and crashing services',
    file: 'test/simulator/delivery.test.ts',
    env: { SIMULATION_RUNS: '100000' },
  },
  { name: 'fuzz: bodies of hook requests', file: 'test/fuzz/hook-bodies.test.ts', env: { FUZZ_RUNS: '1000000' } },
  { name: 'fuzz: access tokens', file: 'test/fuzz/tokens.test.ts', env: { FUZZ_TOKENS: '100000' } },
];

const root = join(import.meta.dirname, '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

process.stdout.write(`Slow tests on ${process.version}, ${availableParallelism()} processors\n`);
const startedAt = Date.now();
for (const { name, file, env } of tiers) {
  // Numbers from outside win, for a shorter or a longer run; a seed replays one.
  const used = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, process.env[key] ?? value]));
  const settings = Object.entries(used).map(([key, value]) => `${key}=${value}`);
  process.stdout.write(`\n== ${name}: ${settings.join(' ')}\n`);
  const tierStartedAt = Date.now();
  const { status } = spawnSync(process.execPath, [vitest, 'run', file], {
    cwd: root,
    env: { ...process.env, ...used },
    stdio: 'inherit',
  });
  process.stdout.write(`== ${status === 0 ? 'passed' : 'failed'} after ${seconds(tierStartedAt)}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
process.stdout.write(`\nAll slow tests passed after ${seconds(startedAt)}\n`);
