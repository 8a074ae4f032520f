import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { marked } from '../support/marked.ts';

const secret = new Secret(marked.otp);

describe('a secret', () => {
  it('gives its value to whoever asks for it by name', () => {
    expect(secret.reveal()).toBe(marked.otp);
  });

  it.each([
    ['in a template string', `code ${secret}`, 'code [secret]'],
    ['joined to a string', ['code', secret].join(' '), 'code [secret]'],
    ['as JSON', JSON.stringify({ code: secret }), '{"code":"[secret]"}'],
    ['under inspect', inspect(secret), '[secret]'],
    ['deep within an object', inspect({ message: { codes: [secret] } }), '{ message: { codes: [ [secret] ] } }'],
    ['as console.log writes it', format('code', secret), 'code [secret]'],
    [
      'in each of format’s ways',
      format('%s %o %O %j', secret, secret, secret, secret),
      '[secret] [secret] [secret] "[secret]"',
    ],
    ['in an error', String(new Error(`refused ${secret}`)), 'Error: refused [secret]'],
  ])('shows as [secret] %s', (_, shown, expected) => {
    expect(shown).toBe(expected);
  });

  it('has no property that a copy, a dump or a loop could find', () => {
    expect(Reflect.ownKeys(secret)).toEqual([]);
    expect(inspect(secret, { customInspect: false, showHidden: true })).not.toContain(marked.otp);
    expect(JSON.stringify({ ...secret })).toBe('{}');
  });
});
