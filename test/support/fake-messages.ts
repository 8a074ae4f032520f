import type { Clock } from '../../src/core/clock.ts';
import type { Cause } from '../../src/core/failure-policy.ts';
import type { Messages, OutgoingMessage, SendOutcome } from '../../src/core/messages.ts';
import type { FakeCalls } from './fake-calls.ts';
import { createFakeCalls } from './fake-calls.ts';

/** End User Messaging in memory: accepts everything until it is told otherwise. */
export interface FakeMessages extends Messages {
  readonly sends: FakeCalls;
  /** Refuses the next sends, each for one of these causes; undefined accepts. */
  refuse(...causes: readonly (Cause | undefined)[]): void;
  /** Decides about every message that `refuse` says nothing of. */
  decide(cause: (message: OutgoingMessage) => Cause | undefined): void;
  /** From now on every request takes two connections, as after a freeze. */
  resend(): void;
  /** Fails like a bug on the next send. */
  breakNext(error: Error): void;
  /** Everything that was asked for, oldest first. */
  asked(): readonly OutgoingMessage[];
  /** What arrived on phones, oldest first. */
  arrived(): readonly OutgoingMessage[];
}

export function createFakeMessages(clock: Clock): FakeMessages {
  const sends = createFakeCalls(clock);
  const script: (Cause | undefined | Error)[] = [];
  const asked: OutgoingMessage[] = [];
  const arrived: OutgoingMessage[] = [];
  let resent = false;
  let rule: (message: OutgoingMessage) => Cause | undefined = () => undefined;

  const judge = (message: OutgoingMessage): SendOutcome => {
    const scripted = script.length > 0 ? script.shift() : rule(message);
    if (scripted instanceof Error) throw scripted;
    if (scripted !== undefined) return { kind: 'refused', cause: scripted };
    if (!message.dryRun) arrived.push(message);
    return { kind: 'accepted', messageId: `message-${asked.length}`, ...(resent ? { resent } : {}) };
  };

  return {
    sends,
    refuse: (...causes) => void script.push(...causes),
    resend() {
      resent = true;
    },
    breakNext: (error) => void script.push(error),
    decide(cause) {
      rule = cause;
    },
    asked: () => [...asked],
    arrived: () => [...arrived],
    async send(message, signal) {
      let broken: unknown;
      asked.push(message);
      try {
        return await sends.call(signal, () => {
          try {
            return judge(message);
          } catch (error) {
            broken = error;
            throw error;
          }
        });
      } catch {
        if (broken !== undefined) throw broken;
        // As the port asks: what ended without an answer is a refusal, and nobody knows what became of it.
        return { kind: 'refused', cause: signal.aborted ? 'ambiguous' : 'network' };
      }
    },
  };
}
