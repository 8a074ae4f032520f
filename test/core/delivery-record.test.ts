import { describe, expect, it } from 'vitest';
import type { DeliveryRecord } from '../../src/core/delivery-record.ts';
import { metricsOf } from '../../src/core/delivery-record.ts';

const accepted: DeliveryRecord = {
  type: 'delivery',
  at: 1_769_636_620_000,
  eventId: 'one',
  outcome: 'accepted',
  answer: 'successful',
  messageId: 'message-1',
  channel: 'sms',
  lineType: 'mobile',
  dryRun: false,
  preview: false,
  attempts: [{ channel: 'sms', identity: '+34…01', text: 'template', outcome: 'accepted', ms: 120 }],
  catalog: { version: 1, source: 'table' },
  ledger: 'claimed',
  unfinished: [],
  ms: { prepare: 30, send: 120, settle: 20, total: 170 },
  leftMs: 2030,
};

describe('the metrics of a delivery', () => {
  it('count it once, with what it took', () => {
    expect(metricsOf(accepted)).toEqual({
      Deliveries: 1,
      Accepted: 1,
      Refused: 0,
      Failures: 0,
      Duplicates: 0,
      Fallbacks: 0,
      ChosenFallbacks: 0,
      Suppressed: 0,
      Errors: 0,
      MissedDeadlines: 0,
      AmbiguousSends: 0,
      Resends: 0,
      LedgerUnreachable: 0,
      LedgerUnsettled: 0,
      CatalogStale: 0,
      TotalMs: 170,
      SendMs: 120,
    });
  });

  const refused = { outcome: 'refused', messageId: undefined, cause: 'throttled' } as const;

  it.each<{ name: string; change: Partial<DeliveryRecord>; counted: readonly string[] }>([
    { name: 'a fallback', change: { ...refused, answer: 'fallback' }, counted: ['Refused', 'Failures', 'Fallbacks'] },
    {
      name: 'a suppressed one',
      change: { ...refused, cause: 'country-blocked', answer: 'suppress' },
      counted: ['Refused', 'Suppressed'],
    },
    {
      name: 'a failure that an operator wants to be suppressed',
      change: { ...refused, answer: 'suppress' },
      counted: ['Refused', 'Failures', 'Suppressed'],
    },
    { name: 'an error', change: { ...refused, answer: 'error' }, counted: ['Refused', 'Failures', 'Errors'] },
    { name: 'a duplicate', change: { outcome: 'duplicate' }, counted: ['Duplicates'] },
    {
      name: 'a duplicate in flight',
      change: { ...refused, cause: 'duplicate-in-flight', answer: 'fallback' },
      counted: ['Refused', 'Duplicates', 'ChosenFallbacks'],
    },
    { name: 'a repeated answer', change: { outcome: 'duplicate', answer: 'fallback' }, counted: ['Duplicates'] },
    ...(['kill-switch', 'country-off', 'country-unlisted', 'expired-code'] as const).map((cause) => ({
      name: `one that was meant to be left to Okta (${cause})`,
      change: { ...refused, attempts: [], cause, answer: 'fallback' as const },
      counted: ['Refused', 'ChosenFallbacks'],
    })),
    {
      name: 'one of a user who has opted out',
      change: { ...refused, cause: 'opted-out', answer: 'error' },
      counted: ['Refused', 'Errors'],
    },
    {
      name: 'one that failed before it came to a choice',
      change: {
        ...refused,
        attempts: [{ channel: 'sms', identity: 'ACME', text: 'okta', outcome: 'throttled', ms: 1 }],
        cause: 'opted-out',
        answer: 'error',
      },
      counted: ['Refused', 'Failures', 'Errors'],
    },
    { name: 'a late one', change: { leftMs: 0 }, counted: ['Accepted', 'MissedDeadlines'] },
    { name: 'one without a ledger', change: { ledger: 'unreachable' }, counted: ['Accepted', 'LedgerUnreachable'] },
    {
      name: 'one whose answer the ledger may not have',
      change: { unfinished: ['catalog', 'ledger'] },
      counted: ['Accepted', 'LedgerUnsettled'],
    },
    { name: 'one with other unfinished work', change: { unfinished: ['catalog'] }, counted: ['Accepted'] },
    {
      name: 'one with a catalog from memory',
      change: { catalog: { version: 1, source: 'memory' } },
      counted: ['Accepted', 'CatalogStale'],
    },
    {
      name: 'one with the bundled catalog',
      change: { catalog: { version: 0, source: 'bundled' } },
      counted: ['Accepted', 'CatalogStale'],
    },
    {
      name: 'one without a catalog',
      change: { ...refused, answer: 'fallback', catalog: undefined },
      counted: ['Refused', 'Failures', 'Fallbacks'],
    },
    {
      name: 'an ambiguous send',
      change: {
        attempts: [{ channel: 'sms', identity: 'ACME', text: 'okta', outcome: 'ambiguous', ms: 1 }],
      },
      counted: ['Accepted', 'AmbiguousSends'],
    },
    {
      name: 'one that may have arrived twice, over a connection that was dead',
      change: {
        attempts: [{ channel: 'sms', identity: 'ACME', text: 'okta', outcome: 'accepted', resent: true, ms: 1 }],
      },
      counted: ['Accepted', 'Resends'],
    },
  ])('tell $name', ({ change, counted }) => {
    const { Deliveries, TotalMs, SendMs, ...counts } = metricsOf({ ...accepted, ...change });
    expect([Deliveries, TotalMs, SendMs]).toEqual([1, 170, 120]);
    expect(Object.keys(counts).filter((name) => counts[name] === 1)).toEqual(counted);
    expect(Object.keys(counts).filter((name) => counts[name] === 0)).toHaveLength(14 - counted.length);
  });

  it('count a dry run apart, so that a canary hides no outage', () => {
    expect(metricsOf({ ...accepted, dryRun: true })).toEqual({ DryRuns: 1, DryRunFailures: 0 });
    expect(metricsOf({ ...accepted, ...refused, answer: 'fallback', dryRun: true })).toEqual({
      DryRuns: 1,
      DryRunFailures: 1,
    });
  });
});
