import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineType } from '../../src/core/phone.ts';
import { lineTypes, parsePhone } from '../../src/core/phone.ts';
import { problemsIn, valueIn } from '../support/decoded.ts';
import { marked } from '../support/marked.ts';

describe('a telephone number', () => {
  it.each([
    ['in E.164 form', marked.phone],
    ['without the +, as in Okta’s preview', marked.phone.slice(1)],
    ['with spaces and hyphens', '+34 612-345-678'],
    ['with white space around it', ` ${marked.phone}\n`],
    ['with the digits of another script', '+٣٤٦١٢٣٤٥٦٧٨'],
  ])('is read %s', (_, raw) => {
    const phone = valueIn(parsePhone(raw));
    expect(phone.e164.reveal()).toBe(marked.phone);
    expect(phone.country).toBe('ES');
    expect(phone.lineType).toBe('mobile');
  });

  it.each<[string, string, string | undefined, LineType]>([
    ['a French mobile', marked.otherPhone, 'FR', 'mobile'],
    ['a Spanish landline', marked.landline, 'ES', 'landline'],
    ['an American number, which may be either', '+12025550143', 'US', 'mobile-or-landline'],
    ['a Japanese internet telephone', '+815012345678', 'JP', 'voip'],
    ['a shared-cost number', '+34901123456', 'ES', 'other'],
    ['a number of Guernsey, which shares the British calling code', '+441481960194', 'GG', 'landline'],
    ['a number of the Isle of Man, which does too', '+447624123456', 'IM', 'mobile'],
    ['the number of Okta’s preview, in the main country of a shared calling code', '+15555551212', 'US', 'unknown'],
    ['a number that is in no numbering plan yet', '+3491234567', 'ES', 'unknown'],
    ['an international freephone, of no country', '+80012345678', undefined, 'other'],
    ['a satellite telephone, of no country', '+870773111632', undefined, 'mobile'],
  ])('is told apart: %s', (_, raw, country, lineType) => {
    const phone = valueIn(parsePhone(raw));
    expect(phone.e164.reveal()).toBe(raw);
    expect(phone.country).toBe(country);
    expect(phone.lineType).toBe(lineType);
  });

  it.each([
    ['the shortest, of Saint Helena', '+2908123'],
    ['the longest, of 15 digits', '+491234567890123'],
  ])('is read: %s', (_, raw) => {
    expect(valueIn(parsePhone(raw)).e164.reveal()).toBe(raw);
  });

  it('has one of the known line types', () => {
    expect(lineTypes).toEqual(['mobile', 'landline', 'mobile-or-landline', 'voip', 'other', 'unknown']);
  });

  it.each([
    ['a digit too short', '+290812'],
    ['a digit too long', '+4912345678901234'],
    ['empty', ''],
    ['a lone +', '+'],
    ['too short', '+12'],
    ['too long', '+3461234567812345678'],
    ['written in letters', '+1800FLOWERS'],
    ['a URI', `tel:${marked.phone}`],
    ['two numbers', `${marked.phone} or ${marked.otherPhone}`],
    ['a number within a text', `call ${marked.phone}`],
    ['an international prefix instead of the +', `00${marked.phone.slice(1)}`],
    ['a calling code that does not exist', '+999123456789'],
  ])('is refused when it is %s', (_, raw) => {
    expect(problemsIn(parsePhone(raw))).toEqual([{ path: '', message: 'is not a telephone number in E.164 form' }]);
  });

  it.each([' ext. 5', 'x5', ';ext=5', ',,5'])(
    'is refused with the extension "%s", which no call could dial',
    (extension) => {
      expect(problemsIn(parsePhone(marked.landline + extension))).toEqual([
        { path: '', message: 'has an extension, which a code cannot be sent to' },
      ]);
    },
  );

  it('is in E.164 form once it is read, and whatever comes in throws nothing', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789+ -()x'), maxLength: 24 });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), digits), (raw) => {
        const parsed = parsePhone(raw);
        if (!parsed.ok) return;
        expect(parsed.value.e164.reveal()).toMatch(/^\+[1-9][0-9]{6,14}$/);
        expect(lineTypes).toContain(parsed.value.lineType);
        // Of what is no number in use, libphonenumber may take a national prefix off once more.
        if (parsed.value.lineType === 'unknown') return;
        expect(valueIn(parsePhone(parsed.value.e164.reveal())).e164.reveal()).toBe(parsed.value.e164.reveal());
      }),
      { numRuns: 1000 },
    );
  });
});
