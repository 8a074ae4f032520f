import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isObject } from '../../src/core/decode.ts';
import { checkout } from './run-bin.ts';

/** A running `okta-otp dev --json`. */
export interface RunningDev {
  /** The next line of JSON that matches. */
  next(matches: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  interrupt(signal?: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
}

const running: RunningDev[] = [];

/** Ends those that are still there, as Ctrl-C does. */
export async function stopDevProcesses(): Promise<void> {
  for (const dev of running.splice(0)) {
    dev.interrupt();
    await dev.ended;
  }
}

/** Runs `okta-otp dev --json` of this checkout as a process of its own, in a folder. */
export const startDevProcess = (cwd: string, ...args: string[]): RunningDev => startDevOf(checkout, cwd, args);

/** The same of another checkout. */
export function startDevOf(root: string, cwd: string, args: readonly string[] = []): RunningDev {
  const child = spawn(process.execPath, [join(root, 'bin', 'okta-otp.js'), 'dev', '--json', ...args], {
    cwd,
    // Whatever is left behind is left there.
    env: { ...process.env, TMPDIR: cwd },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event: unknown = JSON.parse(line);
    if (isObject(event)) seen.push(event);
    for (const look of [...waiting]) look();
  });
  const dev: RunningDev = {
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
    interrupt: (signal = 'SIGINT') => void child.kill(signal),
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
  running.push(dev);
  return dev;
}

/** Matches an event by its type. */
export const ofType = (type: string) => (event: Record<string, unknown>) => event['type'] === type;

/** Where the process serves what, as soon as it does. */
export async function placesOf(dev: RunningDev): Promise<Record<string, string>> {
  const { places } = await dev.next(ofType('started'));
  if (!isObject(places)) throw new Error('nothing is said of the places');
  return Object.fromEntries(Object.entries(places).map(([name, value]) => [name, String(value)]));
}
