import { describe, expect, it } from 'vitest';
import { matrixOf } from '../../src/core/call-matrix.ts';
import { parseCatalog } from '../../src/core/catalog.ts';
import { parsePhone } from '../../src/core/phone.ts';
import { simulatorNumbers } from '../../src/core/simulator-numbers.ts';

const sms = { text: 'Your code is {{otp}}.' };
const voice = { ssml: '<speak>Your code is {{otp}}.</speak>', voiceId: 'JOANNA' };

function matrix(identities: object, settings: object = {}, languages: object = { en: { sms, voice } }) {
  const files = [
    { path: 'settings.json', text: JSON.stringify(settings) },
    { path: 'originationIdentities.json', text: JSON.stringify(identities) },
    ...Object.entries(languages).map(([locale, templates]) => ({
      path: `templates/${locale}.json`,
      text: JSON.stringify({ locale, reviewed: false, ...templates }),
    })),
  ];
  const parsed = parseCatalog(files);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return matrixOf(parsed.value);
}

const expectedOf = (cells: ReturnType<typeof matrix>, name: string, channel: string) =>
  cells
    .find((cell) => cell.group === 'country' && cell.name === name && cell.channel === channel)
    ?.expected.map((expectation) => `${expectation.name}=${expectation.value}`);

describe('the matrix of a catalog', () => {
  it('has every language by channel and request type, and every country by channel', () => {
    const cells = matrix({ FR: '+33987654321', '*': '+18005550123' });
    expect(cells.filter(({ group }) => group === 'language')).toHaveLength(8);
    expect(cells.filter(({ group }) => group === 'country').map(({ name, channel }) => `${name} ${channel}`)).toEqual([
      'FR sms',
      'FR voice',
    ]);
  });

  it('sends languages to a country that is served on the channel', () => {
    const cells = matrix({ GB: { sms: 'OKTAOTP' }, FR: { voice: '+33987654321' } });
    const of = (channel: string) =>
      cells.find((cell) => cell.group === 'language' && cell.channel === channel)?.country;
    expect([of('sms'), of('voice')]).toEqual(['GB', 'FR']);
    expect(matrix({ '*': '+18005550123' })[0]?.country).toBe('US');
    expect(matrix({ GB: { enabled: false } })[0]?.country).toBeUndefined();
  });

  it('expects what the catalog has for a language, be it that of another one', () => {
    const languages = { en: { sms, voice }, is: { sms, voice: null } };
    const cells = matrix({ '*': '+18005550123' }, {}, languages);
    const locales = cells
      .filter(({ name, requestType }) => name === 'is' && requestType === 'password-reset')
      .map(({ expected }) => expected.find(({ name }) => name === 'locale')?.value);
    expect(locales).toEqual(['is', 'en']);
  });

  it('expects no template where there is none', () => {
    const cells = matrix({ '*': '+18005550123' }, {}, { en: { sms, voice: null } });
    const [cell] = cells.filter(({ channel }) => channel === 'voice');
    expect(cell?.expected.filter(({ name }) => ['locale', 'template'].includes(name))).toEqual([
      { name: 'locale', value: 'none' },
      { name: 'template', value: 'none' },
    ]);
  });

  it('expects of a country what its identities, switches and blocks say', () => {
    const cells = matrix({
      FR: '+33987654321',
      CU: { enabled: 'blocked' },
      GB: { sms: 'OKTAOTP' },
      DE: { sms: { identities: 'OKTAOTP', enabled: 'blocked' } },
      IT: { enabled: false },
    });
    expect(expectedOf(cells, 'FR', 'voice')).toEqual(['status=SUCCESSFUL', 'channel=voice', 'country=FR']);
    expect(expectedOf(cells, 'CU', 'sms')).toEqual(['cause=country-blocked', 'country=CU']);
    expect(expectedOf(cells, 'GB', 'voice')).toEqual(['status=SUCCESSFUL', 'channel=sms', 'country=GB']);
    expect(expectedOf(cells, 'DE', 'voice')).toEqual(['cause=country-blocked', 'country=DE']);
    expect(expectedOf(cells, 'IT', 'sms')).toEqual(['channel=none', 'country=IT']);
  });

  it('expects nothing of the other channel when codes may not take it', () => {
    const cells = matrix({ GB: { sms: 'OKTAOTP' } }, { otherChannel: false });
    expect(expectedOf(cells, 'GB', 'voice')).toEqual(['channel=none', 'country=GB']);
  });
});

it.each(Object.entries(simulatorNumbers))("the service's simulator number of %s can be sent to", (country, number) => {
  const parsed = parsePhone(number);
  expect(parsed.ok ? parsed.value.country : 'unread').toBe(country);
});
