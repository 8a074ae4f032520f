import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What one fresh process measured, in milliseconds and megabytes. */
export interface Measured {
  readonly load: number;
  readonly first: number;
  readonly cold: number;
  readonly p50: number;
  readonly p99: number;
  readonly rssMb: number;
}

/** A program that is measured: its arguments after the interpreter, and its environment. */
export interface Variant {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const figures = ['load', 'first', 'cold', 'p50', 'p99', 'rssMb'] as const;

/** Runs the variants in turn, round by round, so that a slow moment of the machine hits all of them; gives medians. */
export async function measureInTurn(variants: readonly Variant[], rounds: number): Promise<Map<string, Measured>> {
  const seen = new Map<string, Measured[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of variants) seen.get(variant.name)?.push(await measure(variant));
  }
  return new Map(
    [...seen].map(([name, runs]) => {
      const median = (figure: keyof Measured) => middle(runs.map((run) => run[figure]));
      return [
        name,
        {
          load: median('load'),
          first: median('first'),
          cold: median('cold'),
          p50: median('p50'),
          p99: median('p99'),
          rssMb: median('rssMb'),
        },
      ];
    }),
  );
}

export const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function measure({ args, env, name }: Variant): Promise<Measured> {
  const child = spawn(process.execPath, [...args], { env: { ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  return JSON.parse(text);
}

/** Starts a server that prints its port, and gives its address. */
export async function startServer(args: readonly string[]): Promise<{ readonly url: string; stop(): void }> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(createInterface({ input: child.stdout }), 'line');
  // Without this a bench that fails would be kept alive by the server that it started.
  child.unref();
  child.stdout.destroy();
  const stop = () => child.kill();
  process.once('exit', stop);
  return { url: `http://127.0.0.1:${port}`, stop };
}
