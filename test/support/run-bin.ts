import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Ran {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** The package whose command runs; this checkout unless given. */
  readonly root?: string;
  /** Where it runs; in its package unless given. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** For Node itself. */
  readonly nodeOptions?: readonly string[];
  /** Called with everything that stderr holds, whenever it grows. */
  readonly onStderr?: (err: string, child: { kill(signal: NodeJS.Signals): boolean }) => void;
}

/** This checkout. */
export const checkout = join(import.meta.dirname, '..', '..');

/** Runs `bin/okta-otp.js` as a process of its own, all of its streams in pipes. */
export function runBin(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { root = checkout, cwd = root, env = {}, nodeOptions = [], onStderr } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeOptions, join(root, 'bin', 'okta-otp.js'), ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      onStderr?.(err, child);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
