import type { FailureRecord } from '../../src/core/failure-record.ts';

let number = 0;

/** A failure as the sender records it; anything of it can be changed. */
export function failureRecord(change: Partial<FailureRecord> = {}): FailureRecord {
  number += 1;
  return {
    type: 'delivery',
    at: Date.parse('2026-01-28T21:43:40.123Z') + number * 1000,
    eventId: `event-${number}`,
    oktaRequestId: 'reqRgSk8IBBRhuo0YdlEDTmUw',
    outcome: 'refused',
    answer: 'fallback',
    cause: 'throttled',
    channel: 'sms',
    requestType: 'mfa-verification',
    country: 'ES',
    lineType: 'mobile',
    numberHash: `key-1:${'A'.repeat(43)}`,
    dryRun: false,
    preview: false,
    template: { locale: 'es', match: 'less-specific' },
    wantedLocale: 'es-MX',
    attempts: [{ channel: 'sms', identity: '+34…01', text: 'template', outcome: 'throttled', ms: 120.4 }],
    catalog: { version: 42, source: 'table' },
    ledger: 'claimed',
    unfinished: [],
    ms: { prepare: 30, send: 120, settle: 0, total: 150 },
    leftMs: 2050,
    ...change,
  };
}
