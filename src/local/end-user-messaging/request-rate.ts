import type { Exception } from './exceptions.ts';

/** Every management operation has a quota of one request per second. https://docs.aws.amazon.com/sms-voice/latest/userguide/quotas.html */
const intervalMs = 1_000;

/** Refuses an operation that was taken less than a second ago; each has a second of its own. */
export function createRequestRate(now: () => number): (operation: string) => Exception | undefined {
  const taken = new Map<string, number>();
  return (operation) => {
    const last = taken.get(operation);
    if (last !== undefined && now() - last < intervalMs) {
      return { name: 'ThrottlingException', message: 'the rate of requests is exceeded' };
    }
    taken.set(operation, now());
    return undefined;
  };
}
