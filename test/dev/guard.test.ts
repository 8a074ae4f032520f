import { describe, expect, it } from 'vitest';
import { refusalOf, tokenHeader } from '../../src/dev/guard.ts';

const token = 'token-of-this-run';
const page = 'http://127.0.0.1:4711';

const judged = (url: string, headers: Readonly<Record<string, string>> = {}, withToken = true) =>
  refusalOf(new Request(url, { headers }), token, { withToken })?.status;

describe('the page server', () => {
  it('takes what the page itself asks, with its token in the address or the header', () => {
    expect(judged(`${page}/?token=${token}`)).toBeUndefined();
    expect(judged(`${page}/calls`, { [tokenHeader]: token, origin: page })).toBeUndefined();
    expect(judged(`http://localhost:4711/?token=${token}`)).toBeUndefined();
  });

  it.each([
    ['no token', `${page}/`, {}],
    ['an empty token', `${page}/?token=`, {}],
    ['another token of the same length', `${page}/?token=${'x'.repeat(token.length)}`, {}],
    ['the token of another origin', `${page}/calls?token=${token}`, { origin: 'https://example.com' }],
    ['another port of this machine', `${page}/calls?token=${token}`, { origin: 'http://127.0.0.1:9' }],
    ['a sandboxed frame', `${page}/calls?token=${token}`, { origin: 'null' }],
    ['a foreign name that points here', `http://rebound.example.com:4711/?token=${token}`, {}],
  ])('refuses %s', (_, url, headers) => {
    expect(judged(url, headers)).toBe(403);
  });

  it('gives script and style without a token, and even those to no other origin', () => {
    expect(judged(`${page}/app.js`, {}, false)).toBeUndefined();
    expect(judged(`${page}/app.js`, { origin: 'https://example.com' }, false)).toBe(403);
  });
});
