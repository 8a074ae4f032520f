import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFailureRecord } from '../../src/core/failure-record.ts';
import { failureRecord } from '../support/failure-records.ts';
import { marked } from '../support/marked.ts';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'schemas', 'delivery-record.schema.json'), 'utf8'),
);

const parse = (value: unknown) => parseFailureRecord(JSON.stringify(value));
const pathsOf = (value: unknown) => {
  const parsed = parse(value);
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path);
};
const attempt = { channel: 'voice', identity: 'pool-0123456789abcdef', text: 'okta', outcome: 'accepted', ms: 7 };

describe('a record of the failures queue', () => {
  it('is read as it was written', () => {
    const record = failureRecord();
    expect(parse(record)).toEqual({ ok: true, value: record });
  });

  it('is read without what a delivery may lack', () => {
    const { oktaRequestId, requestType, country, numberHash, template, wantedLocale, catalog, ...rest } = failureRecord(
      { attempts: [] },
    );
    expect(parse(rest)).toEqual({ ok: true, value: rest });
  });

  it.each<[string, readonly string[], (word: string) => object]>([
    ['cause', schema.$defs.cause.enum, (cause) => ({ cause })],
    ['answer', ['fallback', 'suppress', 'error'], (answer) => ({ answer })],
    ['channel', schema.$defs.channel.enum, (channel) => ({ channel })],
    ['request type', schema.$defs.requestType.enum, (requestType) => ({ requestType })],
    ['line type', schema.$defs.record.properties.lineType.enum, (lineType) => ({ lineType })],
    ['state of the ledger', schema.$defs.record.properties.ledger.enum, (ledger) => ({ ledger })],
    ['unfinished work', schema.$defs.record.properties.unfinished.items.enum, (name) => ({ unfinished: [name] })],
    [
      "template's match",
      schema.$defs.record.properties.template.properties.match.enum,
      (match) => ({ template: { locale: 'en', match, requestType: 'account-unlock' } }),
    ],
    [
      "catalog's source",
      schema.$defs.record.properties.catalog.properties.source.enum,
      (source) => ({ catalog: { version: 0, source } }),
    ],
    [
      "attempt's text",
      schema.$defs.record.properties.attempts.items.properties.text.enum,
      (text) => ({ attempts: [{ ...attempt, text }] }),
    ],
    [
      "attempt's outcome",
      ['accepted', ...schema.$defs.cause.enum],
      (outcome) => ({ attempts: [{ ...attempt, outcome }] }),
    ],
  ])('may have every %s that is published, and no other', (_, words, withWord) => {
    expect(words.length).toBeGreaterThan(0);
    for (const word of words) expect(pathsOf({ ...failureRecord(), ...withWord(word) }), word).toEqual([]);
    expect(pathsOf({ ...failureRecord(), ...withWord('made-up') })).toHaveLength(1);
  });

  it('needs what every published record has', () => {
    const required: readonly string[] = [...schema.$defs.record.required, 'cause'];
    expect(required.length).toBeGreaterThan(10);
    for (const name of required) expect(pathsOf({ ...failureRecord(), [name]: undefined }), name).toEqual([name]);
  });

  it.each<[string, object]>([
    ['type', { type: 'authorization' }],
    ['outcome', { outcome: 'accepted' }],
    ['answer', { answer: 'successful' }],
    ['at', { at: 1.5 }],
    ['at', { at: -1 }],
    ['at', { at: 8.64e15 + 1 }],
    ['eventId', { eventId: 'two words' }],
    ['eventId', { eventId: 'x'.repeat(257) }],
    ['country', { country: 'Spain' }],
    ['numberHash', { numberHash: marked.phone }],
    ['catalog.version', { catalog: { version: -1, source: 'table' } }],
    ['template.locale', { template: { match: 'exact' } }],
    ['attempts[0].ms', { attempts: [{ ...attempt, ms: '7' }] }],
    ['ms.total', { ms: { prepare: 1, send: 1, settle: 1 } }],
  ])('is none when its %s is %o', (path, change) => {
    expect(pathsOf({ ...failureRecord(), ...change })).toEqual([path]);
  });

  it.each(['{', '', 'null', '[]', '"text"', marked.otp])('is not %j', (body) => {
    const parsed = parseFailureRecord(body);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain(marked.otp);
  });
});

describe('a message that somebody else put there', () => {
  it('shows nothing that no record has', () => {
    const parsed = parse({ ...failureRecord(), otp: marked.otp, attempts: [{ ...attempt, to: marked.phone }] });
    expect(parsed.ok).toBe(true);
    expect(JSON.stringify(parsed)).not.toContain(marked.otp);
    expect(JSON.stringify(parsed)).not.toContain(marked.phone);
  });

  it.each([marked.phone, marked.phone.slice(1)])('shows no whole number as who sent', (identity) => {
    const parsed = parse({ ...failureRecord(), attempts: [{ ...attempt, identity }] });
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: 'attempts[0].identity' }] });
    expect(JSON.stringify(parsed)).not.toContain(marked.phone.slice(1));
  });

  it.each<[string, (text: string) => object]>([
    ['eventId', (eventId) => ({ eventId })],
    ['oktaRequestId', (oktaRequestId) => ({ oktaRequestId })],
    ['wantedLocale', (wantedLocale) => ({ wantedLocale })],
    ['template.locale', (locale) => ({ template: { locale, match: 'exact' } })],
    ['attempts[0].identity', (identity) => ({ attempts: [{ ...attempt, identity }] })],
  ])('cannot move the cursor of a terminal by its %s', (path, withText) => {
    // An escape, a C1 control, a bell, a right-to-left override.
    for (const control of [0x1b, 0x9b, 0x07, 0x202e]) {
      const text = `a${String.fromCodePoint(control)}[2Jb`;
      expect(pathsOf({ ...failureRecord(), ...withText(text) }), control.toString(16)).toEqual([path]);
    }
  });
});
