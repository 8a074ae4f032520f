import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isObject } from '../../src/core/decode.ts';
import { checkout } from './run-bin.ts';

export interface RunningDev {
  /** The next line of JSON that matches. */
  next(matches: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  interrupt(): void;
  readonly ended: Promise<number | null>;
}

export interface DevProcessOptions {
  /** The package whose command runs; this checkout unless given. */
  readonly root?: string;
  readonly cwd: string;
  readonly args?: readonly string[];
}

/** Runs `okta-otp dev --json` as a process of its own, and gives what it says line by line. */
export function startDevProcess({ root = checkout, cwd, args = [] }: DevProcessOptions): RunningDev {
  const child = spawn(process.execPath, [join(root, 'bin', 'okta-otp.js'), 'dev', '--json', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event: unknown = JSON.parse(line);
    if (isObject(event)) seen.push(event);
    for (const look of [...waiting]) look();
  });
  return {
    next: (matches) =>
      new Promise((resolve) => {
        const look = () => {
          const at = seen.findIndex(matches);
          const [found] = at < 0 ? [] : seen.splice(at, 1);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    interrupt: () => void child.kill('SIGINT'),
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
}

export const ofType = (type: string) => (event: Record<string, unknown>) => event['type'] === type;

/** Where it is all reached, once it has started. */
export async function placesOf(dev: RunningDev): Promise<Record<string, string>> {
  const { places } = await dev.next(ofType('started'));
  if (!isObject(places)) throw new Error('nothing is said of the places');
  return Object.fromEntries(Object.entries(places).map(([name, value]) => [name, String(value)]));
}
