import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../src/core/delivery-record.ts';
import { causeNames } from '../../src/core/failure-policy.ts';
import { renderMetricLine } from '../../src/core/metric-line.ts';
import { createLeakSink } from '../../src/local/leak-sink.ts';
import type { HookBodyParts } from '../support/fake-hook-request.ts';
import { createHookRequest, hookBody } from '../support/fake-hook-request.ts';
import { createFakeSender } from '../support/fake-sender.ts';
import { marked } from '../support/marked.ts';

function createSink() {
  const sink = createLeakSink();
  sink.watch('code', marked.otp);
  sink.watch('number', marked.phone);
  sink.watch('number', marked.landline);
  sink.watch('name', marked.firstName);
  return sink;
}

const requests: readonly HookBodyParts[] = [
  {},
  { deliveryChannel: 'voice call', locale: 'es' },
  { phoneNumber: marked.landline },
  { phoneNumber: marked.phone.slice(1), locale: `${marked.otp}` },
  { eventId: 'dryrun-1' },
];

describe('nothing secret is told', () => {
  it.each(requests)('by record, log line, failure record or answer: request %#', async (parts) => {
    const sink = createSink();
    for (const cause of [undefined, ...causeNames]) {
      const sender = createFakeSender();
      sender.messages.decide(() => cause);
      const { record, reply } = await sender.deliver(createHookRequest(parts));
      const told = [
        renderMetricLine({ at: record.at }, record, metricsOf(record)),
        JSON.stringify(reply),
        inspect(record, { depth: 9 }),
        ...sender.failures.bodies(),
      ];
      for (const text of told) expect(() => sink.check(text)).not.toThrow();
    }
  });

  it('while a look at the request itself shows only that there are secrets', () => {
    const sink = createSink();
    const request = createHookRequest();
    expect(() => sink.check(inspect(request, { depth: 9 }) + JSON.stringify(request))).not.toThrow();
    expect(JSON.stringify(request)).toContain('[secret]');
  });

  it('and the sink would have seen it', () => {
    const sink = createSink();
    for (const value of [marked.otp, marked.phone, marked.firstName]) {
      expect(() => sink.check(`"${value}"`)).toThrow('output holds');
    }
    expect(() => sink.check(JSON.stringify(hookBody()))).toThrow('output holds');
  });
});
