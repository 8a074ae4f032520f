import { describe, expect, it } from 'vitest';
import { createTemplateFinder } from '../../src/core/catalog.ts';
import type { CurrentCatalog } from '../../src/core/catalog-cache.ts';
import type { Cause } from '../../src/core/failure-policy.ts';
import { climb } from '../../src/core/ladder.ts';
import type { WrittenCatalog } from '../support/fake-catalog.ts';
import { createCatalog } from '../support/fake-catalog.ts';
import type { HookBodyParts } from '../support/fake-hook-request.ts';
import { createHookRequest } from '../support/fake-hook-request.ts';
import { marked } from '../support/marked.ts';

function currentCatalog(parts: Partial<WrittenCatalog>): CurrentCatalog {
  const catalog = createCatalog(parts);
  return { catalog, findTemplate: createTemplateFinder(catalog), version: 1, source: 'table' };
}

/** Climbs the whole ladder, each rung meeting a cause; `sms +34600000001 es` is a rung, anything else why there is none. */
function climbed(
  { request = {}, catalog = {} }: { request?: HookBodyParts; catalog?: Partial<WrittenCatalog> },
  causeOf: (rung: string) => Cause = () => 'throttled',
): readonly string[] {
  const seen: string[] = [];
  const ladder = climb(createHookRequest(request), currentCatalog(catalog));
  let step = ladder.next('internal');
  while (!step.done) {
    if (step.value.kind === 'skip') {
      seen.push(step.value.cause);
      step = ladder.next(step.value.cause);
      continue;
    }
    const { channel, from, text } = step.value.rung;
    const words = text.kind === 'okta' ? 'okta' : text.chosen.locale;
    const rung = `${channel} ${from.value} ${words}`;
    seen.push(rung);
    step = ladder.next(causeOf(rung));
  }
  return seen;
}

describe('the ladder', () => {
  it('takes the identities in their order, then those of the other channel', () => {
    expect(climbed({ request: { locale: 'es' } })).toEqual([
      'sms +34600000001 es',
      'sms +34600000002 es',
      'voice +34600000001 en',
      'voice +34600000002 en',
    ]);
  });

  it('begins with the channel that Okta asked for', () => {
    expect(climbed({ request: { deliveryChannel: 'voice call' } })[0]).toBe('voice +34600000001 en');
  });

  it('calls from no sender ID', () => {
    expect(climbed({ request: { phoneNumber: marked.otherPhone } })).toEqual([
      'sms ACME en',
      'sms +33600000001 en',
      'voice +33600000001 en',
    ]);
  });

  it('stays on the channel where the other one is switched off for all', () => {
    expect(climbed({ catalog: { settings: { otherChannel: false } } })).toEqual([
      'sms +34600000001 en',
      'sms +34600000002 en',
    ]);
  });

  it.each(['ambiguous', 'protect-country-blocked', 'sandbox-unverified', 'internal'] as const)(
    'ends after %s',
    (cause) => {
      expect(climbed({}, () => cause)).toEqual(['sms +34600000001 en']);
    },
  );

  it('leaves a channel at once that cannot reach the number', () => {
    expect(climbed({}, () => 'opted-out')).toEqual(['sms +34600000001 en', 'voice +34600000001 en']);
  });

  it('stops within the other channel too', () => {
    expect(climbed({}, (rung) => (rung.startsWith('sms') ? 'spend-limit' : 'ambiguous'))).toEqual([
      'sms +34600000001 en',
      'voice +34600000001 en',
    ]);
  });

  it('offers nothing when deliveries are switched off', () => {
    expect(climbed({ catalog: { settings: { enabled: false } } })).toEqual(['kill-switch']);
  });
});

describe('a number', () => {
  it('that is denied gets nothing, on a channel that reaches its country or not', () => {
    const catalog = { numbers: { deny: [marked.phone] } };
    expect(climbed({ catalog })).toEqual(['number-denied']);
    expect(climbed({ catalog, request: { deliveryChannel: 'voice call' } })).toEqual(['number-denied']);
    expect(climbed({ catalog, request: { phoneNumber: marked.landline } })[1]).toBe('voice +34600000001 en');
  });

  it('that is allowed is served within a range that is denied', () => {
    const catalog = { numbers: { allow: [marked.phone], deny: ['+34*'] } };
    expect(climbed({ catalog })[0]).toBe('sms +34600000001 en');
    expect(climbed({ catalog, request: { phoneNumber: marked.landline } })).toEqual(['number-denied']);
  });

  it('that is allowed is not served in a country that is blocked', () => {
    const catalog = { numbers: { allow: [marked.phone] }, originationIdentities: { ES: { enabled: 'blocked' } } };
    expect(climbed({ catalog })).toEqual(['country-blocked']);
  });

  it('that is denied is left to Okta while deliveries are switched off', () => {
    const catalog = { numbers: { deny: [marked.phone] }, settings: { enabled: false } };
    expect(climbed({ catalog })).toEqual(['kill-switch']);
  });
});

describe('a country', () => {
  it('that is blocked gets nothing on any channel', () => {
    const blocked = { ES: { sms: { enabled: 'blocked' }, voice: ['+34600000001'] } };
    expect(climbed({ catalog: { originationIdentities: blocked } })).toEqual(['country-blocked']);
  });

  it('with a channel switched off gets the other one', () => {
    const off = { ES: { sms: { identities: ['+34600000001'], enabled: false }, voice: ['+34600000002'] } };
    expect(climbed({ catalog: { originationIdentities: off } })).toEqual(['country-off', 'voice +34600000002 en']);
  });

  it('that is not listed is refused on both channels', () => {
    expect(climbed({ request: { phoneNumber: '+4915112345678' } })).toEqual(['country-unlisted', 'country-unlisted']);
  });

  it('that is not listed is served by *', () => {
    const rest = { '*': ['ACME'] };
    const request = { phoneNumber: '+4915112345678' };
    expect(climbed({ request, catalog: { originationIdentities: rest } })).toEqual(['sms ACME en', 'country-unlisted']);
  });
});

describe('a landline', () => {
  const request = { phoneNumber: marked.landline };

  it('is called instead of written to', () => {
    expect(climbed({ request })).toEqual(['landline', 'voice +34600000001 en', 'voice +34600000002 en']);
  });

  it('is not written to after its call failed', () => {
    expect(climbed({ request: { ...request, deliveryChannel: 'CALL' } }, () => 'daily-call-limit')).toEqual([
      'voice +34600000001 en',
      'landline',
    ]);
  });

  it('is written to where nothing can call it, since a table may be wrong about it', () => {
    expect(climbed({ request, catalog: { originationIdentities: { ES: ['ACME'] } } })).toEqual([
      'sms ACME en',
      'country-unlisted',
    ]);
    expect(climbed({ request, catalog: { settings: { otherChannel: false } } })).toHaveLength(2);
  });
});

describe('the text', () => {
  it('is the one of Okta when no template fits', () => {
    const catalog = { templates: [{ locale: 'fr', channel: 'sms', text: '{{otp}}' }] } as const;
    expect(climbed({ catalog })).toEqual([
      'no-template',
      'sms +34600000001 okta',
      'sms +34600000002 okta',
      'no-template',
    ]);
  });

  it('is the one of Okta when the service refuses ours, and that one is not tried twice', () => {
    expect(climbed({}, () => 'message-refused')).toEqual([
      'sms +34600000001 en',
      'sms +34600000001 okta',
      'voice +34600000001 en',
    ]);
  });

  it('stays ours when an identity is the problem', () => {
    expect(climbed({ catalog: { settings: { otherChannel: false } } }, () => 'identity-not-active')).toEqual([
      'sms +34600000001 en',
      'sms +34600000002 en',
    ]);
  });

  it('has no replacement when Okta sent none', () => {
    const request = { msgTemplate: '' };
    expect(climbed({ request }, () => 'message-refused')).toEqual(['sms +34600000001 en', 'voice +34600000001 en']);
    const catalog = {
      templates: [{ locale: 'en', channel: 'voice', voiceId: 'JOANNA', ssml: '<speak>{{otp}}</speak>' }],
    } as const;
    expect(climbed({ request, catalog }, () => 'ambiguous')).toEqual(['no-template', 'voice +34600000001 en']);
  });

  it('is never one of Okta in a call', () => {
    const catalog = { templates: [{ locale: 'en', channel: 'sms', text: '{{otp}}' }] } as const;
    expect(climbed({ request: { deliveryChannel: 'voice' }, catalog }, () => 'ambiguous')).toEqual([
      'no-template',
      'sms +34600000001 en',
    ]);
  });
});
