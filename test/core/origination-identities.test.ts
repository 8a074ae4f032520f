import { describe, expect, it } from 'vitest';
import { channels } from '../../src/core/channel.ts';
import { decode } from '../../src/core/decode.ts';
import type { OriginationIdentities } from '../../src/core/origination-identities.ts';
import { originationIdentities, routeTo } from '../../src/core/origination-identities.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';
import { marked } from '../support/marked.ts';

const pool = 'pool-0123456789abcdef';
const otherPool = 'pool-fedcba9876543210';
const senderId = 'ACME';

const listOf = (written: unknown): OriginationIdentities => valueIn(decode(originationIdentities, written));
const problemsOf = (written: unknown) => problemsIn(decode(originationIdentities, written));

/** What a message comes from, in order of preference, or why it does not go. */
function wayTo(written: unknown, country: string | undefined, channel: 'sms' | 'voice') {
  const route = routeTo(listOf(written), country, channel);
  return route.kind === 'identities' ? route.channel.identities.map(({ value }) => value) : route.kind;
}

describe('the flat form', () => {
  it('names one identity for both channels', () => {
    expect(wayTo({ FR: pool }, 'FR', 'sms')).toEqual([pool]);
    expect(wayTo({ FR: pool }, 'FR', 'voice')).toEqual([pool]);
  });

  it('names several in order of preference', () => {
    expect(wayTo({ FR: [otherPool, marked.otherPhone, pool] }, 'FR', 'voice')).toEqual([
      otherPool,
      marked.otherPhone,
      pool,
    ]);
  });

  // The AWS guidance called from whatever served SMS, and a sender ID cannot call.
  it('never calls from a sender ID', () => {
    expect(wayTo({ GB: [senderId, pool] }, 'GB', 'sms')).toEqual([senderId, pool]);
    expect(wayTo({ GB: [senderId, pool] }, 'GB', 'voice')).toEqual([pool]);
    expect(wayTo({ GB: senderId }, 'GB', 'voice')).toBe('unlisted');
  });
});

describe('the schema that an editor goes by', () => {
  it('may be named, and is no country', () => {
    expect(listOf({ $schema: './schemas/originationIdentities.json', FR: pool })).toEqual(listOf({ FR: pool }));
  });

  it('is no word for other settings', () => {
    expect(problemsOf({ $Schema: pool })).toEqual([{ path: '$Schema', message: 'must be a country such as FR, or *' }]);
  });
});

describe('the rich form', () => {
  it('names identities for each channel, one or a list, bare or with settings', () => {
    const written = { ES: { sms: [senderId, pool], voice: { identities: otherPool } }, FR: { sms: pool } };
    expect(wayTo(written, 'ES', 'sms')).toEqual([senderId, pool]);
    expect(wayTo(written, 'ES', 'voice')).toEqual([otherPool]);
    expect(wayTo(written, 'FR', 'sms')).toEqual([pool]);
    expect(wayTo(written, 'FR', 'voice')).toBe('unlisted');
  });

  it.each([
    ['bare', senderId],
    ['in a list', [pool, senderId]],
    ['with settings', { identities: senderId }],
    ['by its ARN', 'arn:aws:sms-voice:eu-west-1:111122223333:sender-id/ACME/GB'],
  ])('refuses a sender ID for voice: %s', (_, voice) => {
    expect(problemsOf({ GB: { sms: senderId, voice } })).toEqual([
      { path: 'GB', message: 'names a sender ID for voice, which cannot call' },
    ]);
  });

  it('carries the highest price of a channel, and what the country’s authority wants to know', () => {
    const parameters = { IN_ENTITY_ID: '1101', IN_TEMPLATE_ID: '1107' };
    const list = listOf({ IN: { sms: { identities: senderId, maxPrice: '0.25' }, voice: pool, parameters } });
    expect(routeTo(list, 'IN', 'sms')).toMatchObject({ channel: { switch: 'on', maxPrice: '0.25', parameters } });
    expect(routeTo(list, 'IN', 'voice')).toMatchObject({ channel: { maxPrice: undefined, parameters } });
  });

  it.each(['.5', '0.05', '0.25', '99.99999'])('takes the highest price %s', (maxPrice) => {
    expect(listOf({ FR: { sms: { identities: pool, maxPrice } } })['FR']?.sms.maxPrice).toBe(maxPrice);
  });

  it.each(['1', '0,25', '100.00', '0.123456', '$0.25', '-0.25', '1.'])('refuses the highest price %s', (maxPrice) => {
    expect(problemsOf({ FR: { sms: { identities: pool, maxPrice } } })).toEqual([
      { path: 'FR.sms.maxPrice', message: 'must be US dollars such as 0.25' },
    ]);
  });

  it('refuses a highest price that is a number', () => {
    expect(problemsOf({ FR: { sms: { identities: pool, maxPrice: 0.25 } } })).toEqual([
      { path: 'FR.sms.maxPrice', message: 'must be a string' },
    ]);
  });
});

describe('a country', () => {
  it.each([
    ['is on when it says so', { enabled: true }, { enabled: true }, [pool]],
    ['is off, and Okta may send', { enabled: false }, {}, 'off'],
    ['is blocked, and nobody may', { enabled: 'blocked' }, {}, 'blocked'],
    ['is off for one channel', {}, { enabled: false }, 'off'],
    ['is blocked for one channel', {}, { enabled: 'blocked' }, 'blocked'],
    ['stays blocked, whatever its channel says', { enabled: 'blocked' }, { enabled: true }, 'blocked'],
    ['stays off, whatever its channel says', { enabled: false }, { enabled: true }, 'off'],
    ['is blocked for a channel although it is only off', { enabled: false }, { enabled: 'blocked' }, 'blocked'],
  ])('%s', (_, country, channel, way) => {
    const written = { FR: { ...country, sms: { identities: pool, ...channel }, voice: { identities: pool } } };
    expect(wayTo(written, 'FR', 'sms')).toEqual(way);
  });

  it('that is off for one channel is on for the other', () => {
    const written = { FR: { sms: { identities: pool, enabled: false }, voice: pool } };
    expect(wayTo(written, 'FR', 'sms')).toBe('off');
    expect(wayTo(written, 'FR', 'voice')).toEqual([pool]);
  });

  it('may be blocked without any identity', () => {
    for (const channel of channels) expect(wayTo({ XK: { enabled: 'blocked' } }, 'XK', channel)).toBe('blocked');
  });

  // The AWS guidance sent with `OriginationIdentity: undefined` to a country that its map lacked.
  it('that is not listed is unlisted, and so is one with an empty list', () => {
    expect(wayTo({ FR: pool }, 'ES', 'sms')).toBe('unlisted');
    expect(wayTo({ FR: pool }, undefined, 'sms')).toBe('unlisted');
    expect(wayTo({ FR: [] }, 'FR', 'sms')).toBe('unlisted');
    expect(wayTo({ FR: {} }, 'FR', 'voice')).toBe('unlisted');
    expect(wayTo({}, 'FR', 'sms')).toBe('unlisted');
  });
});

describe('the default *', () => {
  const written = { FR: pool, GB: { sms: senderId }, US: { enabled: 'blocked' }, '*': otherPool };

  it('serves the countries that the list does not name, and numbers of no country', () => {
    expect(wayTo(written, 'ES', 'sms')).toEqual([otherPool]);
    expect(wayTo(written, undefined, 'voice')).toEqual([otherPool]);
  });

  it('never adds to a country that is named', () => {
    expect(wayTo(written, 'FR', 'sms')).toEqual([pool]);
    expect(wayTo(written, 'GB', 'voice')).toBe('unlisted');
    expect(wayTo(written, 'US', 'sms')).toBe('blocked');
  });

  it('may block every other country', () => {
    expect(wayTo({ FR: pool, '*': { enabled: 'blocked' } }, 'ES', 'sms')).toBe('blocked');
    expect(wayTo({ FR: pool, '*': { enabled: 'blocked' } }, 'FR', 'sms')).toEqual([pool]);
  });
});

describe('a list that is wrong', () => {
  it.each<[string, unknown, string, string]>([
    ['a list of countries', ['FR'], '', 'must be an object'],
    ['nothing', undefined, '', 'is missing'],
    ['a country in lower case', { fr: pool }, 'fr', 'must be a country such as FR, or *'],
    ['a country of three letters', { FRA: pool }, 'FRA', 'must be a country such as FR, or *'],
    ['a calling code for a country', { '33': pool }, '33', 'must be a country such as FR, or *'],
    [
      'an identity that is none',
      { FR: 'no such thing' },
      'FR',
      'must be a phone number, sender ID or pool, by its name, id or ARN',
    ],
    [
      'one such in a list',
      { FR: [pool, '??'] },
      'FR[1]',
      'must be a phone number, sender ID or pool, by its name, id or ARN',
    ],
    [
      'one such for a channel',
      { FR: { sms: '??' } },
      'FR.sms',
      'must be a phone number, sender ID or pool, by its name, id or ARN',
    ],
    ['an identity that is a number', { FR: 12345 }, 'FR', 'must be a string'],
    ['an identity without end', { FR: 'a'.repeat(257) }, 'FR', 'is longer than 256 characters'],
    ['no identity', { FR: null }, 'FR', 'must be a string'],
    [
      'a setting of a country that nobody knows',
      { FR: { sms: pool, text: 'Hi' } },
      'FR.text',
      'is not a known setting',
    ],
    [
      'a setting of a channel that nobody knows',
      { FR: { sms: { identity: pool } } },
      'FR.sms.identity',
      'is not a known setting',
    ],
    [
      'a parameter that nobody knows',
      { IN: { parameters: { IN_OTHER: '1' } } },
      'IN.parameters.IN_OTHER',
      'is not a known setting',
    ],
    [
      'a parameter with a space',
      { IN: { parameters: { IN_ENTITY_ID: '1 1' } } },
      'IN.parameters.IN_ENTITY_ID',
      'must be free of white space',
    ],
    ['a switch in words', { FR: { enabled: 'yes' } }, 'FR.enabled', 'must be true, false or "blocked"'],
    ['a switch in numbers', { FR: { sms: { enabled: 0 } } }, 'FR.sms.enabled', 'must be true, false or "blocked"'],
  ])('is refused: %s', (_, written, path, message) => {
    expect(problemsOf(written)).toEqual([{ path, message }]);
  });

  it('is told every problem, below the place where it stands', () => {
    const problems = problemsIn(decode(originationIdentities, { fr: '??', ES: { sms: 5 } }, 'originationIdentities'));
    expect(problems.map(({ path }) => path)).toEqual([
      'originationIdentities.fr',
      'originationIdentities.ES.sms',
      'originationIdentities.fr',
    ]);
  });
});
