import { describe, expect, it } from 'vitest';
import { sendRefusals } from '../../src/aws/refusals.ts';
import { decode } from '../../src/core/decode.ts';
import { faultSettings, noFaults, toFault, toMessagingFault } from '../../src/dev/faults.ts';

describe('faults as the page sends them', () => {
  it('are none where nothing is named', () => {
    expect(decode(faultSettings, {})).toEqual({ ok: true, value: noFaults });
  });

  it('are named by their field when they are wrong, all at once', () => {
    const wrong = {
      messaging: { kind: 'exception' },
      dynamodb: { kind: 'slow' },
      okta: { kind: 'latency', ms: -1 },
      gateway: { kind: 'hang' },
      keys: 'lost',
      clockSkewSeconds: 90_000,
      copies: 0,
      weather: 'bad',
    };
    const decoded = decode(faultSettings, wrong);
    expect(decoded.ok ? [] : decoded.problems.map(({ path }) => path).sort()).toEqual([
      'clockSkewSeconds',
      'copies',
      'dynamodb.kind',
      'gateway.kind',
      'keys',
      'messaging',
      'okta.ms',
      'weather',
    ]);
  });

  it('take every reason by which a send can be refused, and no other', () => {
    for (const [exception, reasons] of Object.entries(sendRefusals)) {
      expect(reasons.length).toBeGreaterThan(0);
      for (const reason of reasons) {
        const messaging = { kind: 'exception', exception, reason };
        expect(decode(faultSettings, { messaging })).toMatchObject({ ok: true, value: { messaging } });
      }
      const messaging = { kind: 'exception', exception, reason: 'LAST_PHONE_NUMBER' };
      expect(decode(faultSettings, { messaging })).toMatchObject({ ok: false });
    }
  });
});

describe('a fault of a server', () => {
  it('is what the page has set', () => {
    expect(toFault({ kind: 'none' })).toBeUndefined();
    expect(toFault({ kind: 'latency', ms: 700 })).toEqual({ kind: 'latency', ms: 700 });
    expect(toFault({ kind: 'hang' })).toEqual({ kind: 'hang' });
    expect(toMessagingFault({ kind: 'none' })).toBeUndefined();
    expect(toMessagingFault({ kind: 'latency', ms: 5 })).toEqual({ kind: 'latency', ms: 5 });
    expect(toMessagingFault({ kind: 'throttling' })).toEqual({ kind: 'exception', name: 'ThrottlingException' });
    expect(toMessagingFault({ kind: 'exception', exception: 'ConflictException', reason: 'KEYWORD_MISMATCH' })).toEqual(
      { kind: 'exception', name: 'ConflictException', reason: 'KEYWORD_MISMATCH' },
    );
    expect(toMessagingFault({ kind: 'accept-then-reset' })).toEqual({ kind: 'accept-then-reset' });
  });

  it('is longer than Okta waits when nobody says how long', () => {
    expect(toFault({ kind: 'latency' })).toMatchObject({ ms: expect.any(Number) });
    expect(toMessagingFault({ kind: 'latency' })).toMatchObject({ ms: expect.any(Number) });
  });
});
