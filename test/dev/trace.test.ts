import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/dev/events.ts';
import type { Traces } from '../../src/dev/trace.ts';
import { endsOf, traceDelivery, withoutToken } from '../../src/dev/trace.ts';
import { hookBody } from '../support/local-cloud.ts';
import { marked } from '../support/marked.ts';

const at = 1_700_000_000_000;
const record = {
  country: 'ES',
  lineType: 'mobile',
  catalog: { version: 3, source: 'table' },
  template: { locale: 'es', match: 'less-specific' },
  wantedLocale: 'es-MX',
  attempts: [{ channel: 'sms', identity: 'sender ID EXAMPLE', text: 'template', outcome: 'accepted', ms: 30 }],
  messageId: 'message-1',
  outcome: 'accepted',
  answer: 'successful',
  ledger: 'claimed',
  leftMs: 1900,
  ms: { prepare: 20, send: 30, settle: 10, total: 60 },
};
const sent = JSON.stringify({ commands: [{ type: 'com.okta.telephony.action', value: [{ status: 'SUCCESSFUL' }] }] });
const hops: Traces['hops'] = [
  { requestId: 'request-1', hop: 'authorizer', cached: false, ms: 40, outcome: 'allowed' },
  { requestId: 'request-1', hop: 'integration', cached: false, ms: 100, outcome: 'answered' },
];
const exchange = {
  requestId: 'request-1',
  attempt: 'attempt-1',
  at,
  ms: 150,
  status: 200,
  body: JSON.stringify(hookBody()),
  reply: sent,
};
const message: Traces['message'] = {
  channel: 'sms',
  messageId: 'message-1',
  to: marked.phone,
  from: 'EXAMPLE',
  at: at + 120,
  body: 'a text',
  parts: 2,
  encoding: 'UCS-2',
};
const trace = (change: Partial<Traces> & { readonly record?: unknown } = {}) => {
  const { record: line, ...traces } = { record, ...change };
  return traceDelivery({
    id: 'delivery-1',
    exchange,
    hops,
    lines: { record: line },
    message,
    tokenMs: 25,
    ...traces,
  });
};
/** `name start+ms state`, what takes no time without it. */
const stepsOf = ({ steps }: Delivery) =>
  steps.map(({ name, startMs, ms, state }) =>
    [name, startMs === undefined ? '' : `${startMs}+${ms ?? ''}`, state].join(' ').replace('  ', ' '),
  );
const textOf = ({ steps }: Delivery, name: string) =>
  steps.filter((step) => step.name === name).map(({ text }) => text);

describe('the way of a delivery', () => {
  it('goes from the token to the phone, each step after the one before', () => {
    const delivery = trace();
    expect(delivery).toMatchObject({
      id: 'delivery-1',
      at: at - 25,
      from: 'page',
      tookMs: 175,
      budgetMs: 3000,
      status: 200,
      channel: 'sms',
      country: 'ES',
      messageId: 'message-1',
      verdict: { codeTakenForSent: true },
    });
    // The container took 40 of the sender's 100 ms to start.
    expect(stepsOf(delivery)).toEqual([
      'token 0+25 good',
      'authorizer 25+40 good',
      'sender 65+100 good',
      'claim 105+20 good',
      'catalog note',
      'template note',
      'identity note',
      'send 125+30 good',
      'settle 155+10 good',
      'receipt 145+ good',
    ]);
    expect(textOf(delivery, 'catalog')).toEqual(['version 3, from the table']);
    expect(textOf(delivery, 'template')).toEqual(['es for es-MX (less specific), for every request type']);
    expect(textOf(delivery, 'identity')).toEqual(['ES, mobile: sender ID EXAMPLE']);
    expect(textOf(delivery, 'receipt')).toEqual(['SMS of 2 parts, UCS-2']);
  });

  it('holds neither the code nor the number', () => {
    const told = JSON.stringify(trace());
    expect(told).not.toContain(marked.otp);
    expect(told).not.toContain(marked.phone);
  });

  it('begins at the gateway for somebody who is not the page', () => {
    const delivery = trace({ tokenMs: undefined });
    expect(delivery).toMatchObject({ from: 'outside', at, tookMs: 150 });
    expect(stepsOf(delivery).slice(0, 2)).toEqual(['authorizer 0+40 good', 'sender 40+100 good']);
  });

  it('shows every send that was tried, one behind the other, and what came of it in the end', () => {
    const attempts = [
      { channel: 'sms', identity: 'EXAMPLE', text: 'template', outcome: 'throttled', ms: 10 },
      { channel: 'voice', identity: '+34…21', text: 'okta', outcome: 'network', ms: 15 },
    ];
    const refused = { ...record, attempts, outcome: 'refused', answer: 'fallback', cause: 'network' };
    const delivery = trace({ record: { ...refused, messageId: undefined }, message: undefined });
    expect(stepsOf(delivery).slice(6)).toEqual([
      'identity note',
      'send 125+10 bad',
      'send 135+15 bad',
      'answer bad',
      'settle 150+10 good',
    ]);
    expect(textOf(delivery, 'send')).toEqual([
      'sms from EXAMPLE: throttled',
      "voice from +34…21: network, with Okta's own text",
    ]);
    expect(textOf(delivery, 'identity')).toEqual(['ES, mobile: EXAMPLE, then +34…21']);
    expect(textOf(delivery, 'answer')).toEqual(['network: the service could not be reached; Okta is told FAILED']);
    expect(textOf(delivery, 'settle')).toEqual(['ledger and failures queue']);
  });

  it.each([
    ['fallback', 'throttled', 'FAILED'],
    ['suppress', 'country-blocked', 'SUCCESSFUL'],
    ['error', 'opted-out', 'an error, with a sentence for the user'],
  ])('says what Okta reads for "%s"', (answer, cause, told) => {
    const refused = { ...record, attempts: [], outcome: 'refused', answer, cause, messageId: undefined };
    const [text] = textOf(trace({ record: refused, message: undefined }), 'answer');
    expect(text).toMatch(new RegExp(`; Okta is told ${told}$`));
  });

  it('says which request type had a text of its own, and where the catalog came from if not from the table', () => {
    const delivery = trace({
      record: {
        ...record,
        catalog: { version: 1, source: 'bundle' },
        wantedLocale: 'en',
        template: { locale: 'en', match: 'exact', requestType: 'password-reset' },
        ledger: 'unreachable',
        country: undefined,
      },
    });
    expect(textOf(delivery, 'template')).toEqual(['en for en (exact), for password-reset']);
    expect(stepsOf(delivery)).toContain('catalog bad');
    expect(stepsOf(delivery)).toContain('claim 105+20 bad');
    expect(textOf(delivery, 'identity')).toEqual(['no country, mobile: sender ID EXAMPLE']);
    const none = trace({ record: { ...record, catalog: undefined, template: undefined, attempts: [] } });
    expect(textOf(none, 'identity')).toEqual(['ES, mobile: none was tried']);
    expect(textOf(none, 'catalog')).toEqual(['there is none']);
    expect(textOf(none, 'template')).toEqual([]);
  });

  it('ends at the authorizer that refuses, and before it without a token', () => {
    const [allowed] = hops;
    const refused = allowed === undefined ? [] : [{ ...allowed, outcome: 'denied' as const, cached: true }];
    const nothing = { record: undefined, message: undefined, exchange: { ...exchange, status: 403, reply: '{}' } };
    const delivery = trace({ ...nothing, hops: refused });
    expect(stepsOf(delivery)).toEqual(['token 0+25 good', 'authorizer 25+40 bad', 'sender bad']);
    expect(textOf(delivery, 'authorizer')).toEqual(['denied, by the policy that the gateway remembers']);
    expect(delivery.verdict.codeTakenForSent).toBe(false);
    expect(textOf(trace({ ...nothing, hops: [] }), 'authorizer')).toEqual([
      'was not asked: no token of the right form came',
    ]);
  });

  it('says why the authorizer refused, and how the sender broke', () => {
    const [asked, invoked] = hops;
    if (asked === undefined || invoked === undefined) throw new Error('there are two hops');
    const refused = trace({
      hops: [{ ...asked, outcome: 'unauthorized' }],
      lines: { authorizer: 'wrong scope' },
      message: undefined,
    });
    expect(textOf(refused, 'authorizer')).toEqual(['unauthorized: wrong scope']);
    const broken = trace({
      hops: [asked, { ...invoked, outcome: 'function-error' }],
      lines: { sender: 'TypeError, no such thing' },
      message: undefined,
    });
    expect(textOf(broken, 'sender')).toEqual(['function-error: TypeError, no such thing']);
  });

  it('is told as far as it is known where the sender left no line, or one that is none', () => {
    for (const line of [undefined, { type: 'delivery' }, 'text']) {
      const delivery = trace({ record: line, message: undefined });
      expect(stepsOf(delivery)).toEqual(['token 0+25 good', 'authorizer 25+40 good', 'sender 65+100 good']);
      expect(delivery.messageId).toBeUndefined();
    }
  });

  it('is that of a call where somebody was called', () => {
    const call: Traces['message'] = {
      channel: 'voice',
      messageId: 'message-1',
      to: marked.phone,
      from: '+34…21',
      at: at - 10_000,
      voiceId: 'LUCIA',
      script: { kind: 'text', value: 'words' },
      transcript: 'words',
    };
    const delivery = trace({ message: call });
    expect(textOf(delivery, 'receipt')).toEqual(['call by LUCIA']);
    // What arrived before the request did came with an earlier request for the same event.
    expect(delivery.steps.at(-1)).toMatchObject({ startMs: 0 });
  });

  it('is told of a body that is no hook request too, by the status alone', () => {
    for (const body of ['no JSON', '{"eventId":7}']) {
      const delivery = trace({ exchange: { ...exchange, body, status: 400, reply: 'no JSON' }, record: undefined });
      expect(delivery).toMatchObject({ status: 400, reply: undefined, verdict: { codeTakenForSent: false } });
      expect([delivery.eventId, delivery.channel, delivery.phone]).toEqual([undefined, undefined, undefined]);
    }
  });

  it('ends with the token where there was none', () => {
    const composed = {
      channel: 'voice',
      requestType: 'password-reset',
      locale: 'es',
      phoneNumber: marked.phone,
      firstName: undefined,
      lastName: undefined,
      otp: marked.otp,
      eventId: undefined,
    } as const;
    const delivery = withoutToken('unavailable', { id: 'delivery-1', eventId: 'event-1', at, ms: 12, composed });
    expect(delivery).toMatchObject({ id: 'delivery-1', eventId: 'event-1', status: 0, tookMs: 12, channel: 'voice' });
    expect(stepsOf(delivery)).toEqual(['token 0+12 bad']);
    expect(JSON.stringify(delivery)).not.toContain(marked.phone);
    expect(JSON.stringify(delivery)).not.toContain(marked.otp);
  });
});

it('of a number only the ends are shown', () => {
  expect(endsOf('+34612345678')).toBe('+34…78');
});
