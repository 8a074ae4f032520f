import { expect } from 'vitest';
import type { DeployWorld, Ran } from './deploy-world.ts';
import type { FakeContext, FakeContextOptions } from './fake-context.ts';

export interface ActWhenOptions extends FakeContextOptions {
  readonly says: RegExp | string;
  readonly act: (context: FakeContext) => void;
}

/** Runs a command, and does something once, as soon as what it prints says so; it has to say so. */
export async function actWhen(
  world: DeployWorld,
  args: readonly string[],
  { says, act, ...options }: ActWhenOptions,
): Promise<Ran> {
  const { context, ended } = world.start(args, options);
  let isDone = false;
  const timer = setInterval(() => {
    const printed = `${context.err()}${context.out()}`;
    if (isDone || !(typeof says === 'string' ? printed.includes(says) : says.test(printed))) return;
    isDone = true;
    act(context);
  }, 0);
  const ran = await ended;
  clearInterval(timer);
  expect(isDone).toBe(true);
  return ran;
}
