import { expect, it } from 'vitest';
import { simulate } from './simulate.ts';

/** The slow tier runs a hundred thousand: `npm run test:slow`. */
const runs = Number(process.env['SIMULATION_RUNS'] ?? 1500);
/** To look at one run that failed. */
const firstSeed = Number(process.env['SIMULATION_SEED'] ?? 1);

it(`keeps its promises in ${runs} worlds of slow, broken and crashing services`, { timeout: 3_600_000 }, async () => {
  const violations: string[] = [];
  const totals = { answered: 0, crashed: 0, doubled: 0 };
  for (let seed = firstSeed; seed < firstSeed + runs && violations.length === 0; seed += 1) {
    const run = await simulate(seed);
    violations.push(...run.violations);
    totals.answered += run.answered;
    totals.crashed += run.crashed;
    totals.doubled += run.doubled;
  }
  expect(violations).toEqual([]);
  // A simulation in which nothing happens shows nothing.
  expect(totals.answered).toBeGreaterThan(runs);
  expect(totals.crashed).toBeGreaterThan(runs / 50);
  expect(totals.doubled).toBeGreaterThan(0);
});
