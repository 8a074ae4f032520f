import { describe, expect, it } from 'vitest';
import { brokenOf } from '../../src/dev/broken.ts';
import type { FaultSettings } from '../../src/dev/faults.ts';
import { noFaults } from '../../src/dev/faults.ts';

describe('what is broken', () => {
  it('is nothing while all is sound', () => {
    expect(brokenOf(noFaults)).toEqual([]);
  });

  it.each<[Partial<FaultSettings>, string]>([
    [{ messaging: { kind: 'throttling' } }, 'End User Messaging: throttling'],
    [{ messaging: { kind: 'latency', ms: 700 } }, 'End User Messaging: latency 700 ms'],
    [{ messaging: { kind: 'exception', exception: 'ConflictException' } }, 'End User Messaging: ConflictException'],
    [
      { messaging: { kind: 'exception', exception: 'ConflictException', reason: 'KEYWORD_MISMATCH' } },
      'End User Messaging: ConflictException KEYWORD_MISMATCH',
    ],
    [{ dynamodb: { kind: 'outage' } }, 'DynamoDB: outage'],
    [{ okta: { kind: 'latency' } }, 'Okta tokens: latency'],
    [{ queue: { kind: 'hang' } }, 'SQS: hang'],
    [{ gateway: { kind: 'throttling' } }, 'API Gateway: throttling'],
    [{ keys: 'expired' }, "Okta's keys: expired"],
    [{ clockSkewSeconds: 90 }, "Okta's clock: +90 s"],
    [{ clockSkewSeconds: -90 }, "Okta's clock: -90 s"],
    [{ copies: 3 }, 'every event from this page 3 times'],
  ])('is told in a few words: %j', (faults, words) => {
    expect(brokenOf({ ...noFaults, ...faults })).toEqual([words]);
  });

  it('is told of everything', () => {
    const faults: FaultSettings = {
      messaging: { kind: 'outage' },
      dynamodb: { kind: 'reset' },
      okta: { kind: 'hang' },
      queue: { kind: 'outage' },
      gateway: { kind: 'latency' },
      keys: 'unreachable',
      clockSkewSeconds: 1,
      copies: 2,
    };
    expect(brokenOf(faults)).toHaveLength(8);
  });
});
