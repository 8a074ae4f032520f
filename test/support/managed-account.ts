import { afterEach, beforeEach, vi } from 'vitest';
import type { ManagedAccount, ManagedAccountSeed } from '../../src/local/end-user-messaging/managed-account.ts';
import { createManagedAccount } from '../../src/local/end-user-messaging/managed-account.ts';
import type { EndUserMessaging } from '../../src/local/end-user-messaging.ts';
import { createEndUserMessaging } from '../../src/local/end-user-messaging.ts';
import type { PhoneInbox } from '../../src/local/phone.ts';
import { createPhoneInbox } from '../../src/local/phone.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';
import { sdkEnv } from './failures-queue.ts';
import type { HastyClock } from './hasty-clock.ts';
import { createHastyClock } from './hasty-clock.ts';
import { marked } from './marked.ts';

/** An account of End User Messaging on the wire, and what a test asks of it. */
export interface ManagedAccountUnderTest {
  readonly account: ManagedAccount;
  readonly service: EndUserMessaging;
  readonly inbox: PhoneInbox;
  readonly url: string;
  /** The service's and the command's: pauses pass at once on it. */
  readonly clock: HastyClock;
  /** The operations that were asked for, oldest first. */
  operations(): readonly string[];
}

/** Starts the service for an account; the SDK of this process finds it, with made-up credentials and nothing else. */
export function useManagedAccount(): (seed?: ManagedAccountSeed) => Promise<ManagedAccountUnderTest> {
  const running: RunningServer[] = [];

  beforeEach(() => {
    for (const [name, value] of Object.entries(sdkEnv)) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
    vi.unstubAllEnvs();
  });

  return async (seed = {}) => {
    const clock = createHastyClock();
    let ids = 0;
    const account = createManagedAccount(seed, {
      now: clock.now,
      newId: () => {
        ids += 1;
        return `${ids}`.padStart(32, '0');
      },
      // A marked one, so that the leak sink knows it.
      newCode: () => marked.otp,
    });
    const inbox = createPhoneInbox();
    const service = createEndUserMessaging({ inbox, now: clock.now, account });
    const server = await serve(service.serve);
    running.push(server);
    vi.stubEnv('AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2', server.url);
    return {
      account,
      service,
      inbox,
      url: server.url,
      clock,
      operations: () => service.requests().map(({ operation }) => operation),
    };
  };
}
