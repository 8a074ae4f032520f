import { describe, expect, it } from 'vitest';
import { channels } from '../../src/core/channel.ts';
import { countries } from '../../src/core/countries.ts';
import { coverageOf } from '../../src/core/coverage.ts';
import { decode } from '../../src/core/decode.ts';
import { originationIdentities } from '../../src/core/origination-identities.ts';
import { valueIn } from '../support/decoded.ts';

const identities = (written: unknown) => valueIn(decode(originationIdentities, written));

const states = (written: unknown, codes: readonly string[]) =>
  coverageOf(identities(written), codes, channels).map(
    ({ country, channel, state }) => `${country} ${channel} ${state}`,
  );

describe('coverage', () => {
  it('says of each country and channel who serves it, or why nobody does', () => {
    const written = {
      FR: 'ACME',
      DE: { sms: '+4915112345678', enabled: false },
      KP: { enabled: 'blocked' },
      '*': { sms: 'WORLD' },
    };
    expect(states(written, ['FR', 'DE', 'KP', 'ES'])).toEqual([
      'FR sms identity',
      'FR voice gap',
      'DE sms off',
      'DE voice off',
      'KP sms blocked',
      'KP voice blocked',
      'ES sms default',
      'ES voice gap',
    ]);
  });

  it('of a country in a shared range is that of the country its numbers are told to be of', () => {
    const written = { GB: 'ACME', IM: { enabled: 'blocked' }, AX: 'AALAND', '*': 'WORLD' };
    const cells = coverageOf(identities(written), ['IM', 'AX'], ['sms']);
    expect(cells).toMatchObject([
      { country: 'IM', servedAs: 'GB', state: 'identity', route: { identities: [{ value: 'ACME' }] } },
      { country: 'AX', servedAs: 'FI', state: 'default', route: { identities: [{ value: 'WORLD' }] } },
    ]);
  });

  it('of a file without entries is a gap everywhere', () => {
    const cells = coverageOf(identities({}), countries, channels);
    expect(cells).toHaveLength(countries.length * 2);
    expect(new Set(cells.map(({ state }) => state))).toEqual(new Set(['gap']));
  });
});
