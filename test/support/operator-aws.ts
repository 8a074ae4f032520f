import { afterEach, beforeEach, vi } from 'vitest';
import type { OperatorAccess } from '../../src/aws/operator.ts';
import type { LocalAws, LocalAwsOptions } from '../../src/local/aws.ts';
import { startLocalAws } from '../../src/local/aws.ts';
import { sdkEnv } from './failures-queue.ts';
import type { HastyClock } from './hasty-clock.ts';
import { createHastyClock } from './hasty-clock.ts';

/** An AWS account on the wire, and how an operator reaches it. */
export interface OperatorAws {
  readonly aws: LocalAws;
  readonly clock: HastyClock;
  readonly access: OperatorAccess;
  /** Closes an adapter with the test. */
  opened<T extends { close(): void }>(adapter: T): T;
}

/** Starts an account for a test; the SDK finds it through its environment, as that of a person. */
export function useOperatorAws(): (options?: Partial<LocalAwsOptions>) => Promise<OperatorAws> {
  const open: { close(): unknown }[] = [];
  beforeEach(() => {
    for (const [name, value] of Object.entries(sdkEnv)) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((part) => part.close()));
    vi.unstubAllEnvs();
  });
  return async (options = {}) => {
    const clock = createHastyClock();
    const aws = await startLocalAws({ clock, ...options });
    open.push(aws);
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
    return {
      aws,
      clock,
      access: { region: aws.region, profile: undefined, clock },
      opened(adapter) {
        open.unshift(adapter);
        return adapter;
      },
    };
  };
}
