import { describe, expect, it } from 'vitest';
import { actionReply } from '../../src/core/hook-response.ts';
import { parseRestEvent, toRestReply } from '../../src/handlers/rest-event.ts';

const nothing = { body: '', requestTimeEpoch: undefined };

describe("API Gateway's event", () => {
  it('gives the body and the time of the request', () => {
    const event = {
      resource: '/mfa',
      httpMethod: 'POST',
      body: '{"a":1}',
      isBase64Encoded: false,
      requestContext: { requestTimeEpoch: 1_769_636_620_000 },
    };
    expect(parseRestEvent(event)).toEqual({ body: '{"a":1}', requestTimeEpoch: 1_769_636_620_000 });
  });

  it('gives a base64 body as text', () => {
    const body = Buffer.from('{"a":"ñ"}').toString('base64');
    expect(parseRestEvent({ body, isBase64Encoded: true }).body).toBe('{"a":"ñ"}');
  });

  it.each([[{ body: null }], [{}], [{ body: null, requestContext: null }]])('without a body is %j', (event) => {
    expect(parseRestEvent(event)).toEqual(nothing);
  });

  it.each([[undefined], [null], ['text'], [[]], [{ body: 7 }], [{ body: {} }]])(
    'that cannot be read counts as a request without a body: %j',
    (event) => {
      expect(parseRestEvent(event)).toEqual(nothing);
    },
  );
});

it('answers in the shape of the proxy integration', () => {
  const reply = actionReply('FAILED', { provider: 'Acme' });
  expect(toRestReply(reply)).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(reply.body),
  });
});

it.each([7, {}, { requestTimeEpoch: 'now' }, { requestTimeEpoch: -1 }])(
  'keeps the body of an event whose time cannot be read: %j',
  (requestContext) => {
    expect(parseRestEvent({ body: '{}', requestContext })).toEqual({ body: '{}', requestTimeEpoch: undefined });
  },
);
