import { isObject } from '../core/decode.ts';

type Handler<T> = (event: unknown) => Promise<T>;

/** What the stack's schedule sends; nothing that comes through API Gateway has such a member at the top. */
const pingType = 'okta-otp.warm-ping';

/** Lets a handler sleep through the pings that only keep its environment warm: they are no requests, and are not counted. */
export function sleepThroughPings<T>(handler: Handler<T>): Handler<T> {
  return async (event) => {
    if (!isObject(event) || event['type'] !== pingType) return await handler(event);
    // Nobody reads the answer to an event of the schedule, so it needs no form of its own.
    return { warm: true } as T;
  };
}
