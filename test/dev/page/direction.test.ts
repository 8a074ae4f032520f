import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedCatalog } from '../../../src/cli/paths.ts';
import { directionOf } from '../../../src/dev/page/direction.ts';

const shipped = readdirSync(join(shippedCatalog, 'templates')).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []);

describe('the direction of a language', () => {
  it.each([
    ...['ar', 'ar-EG', 'he-IL', 'fa', 'ur-PK', 'ps', 'sd', 'ckb', 'ug', 'yi', 'dv', 'ks', 'syr', 'nqo', 'rhg'],
    ...['ff-Adlm', 'pa-Arab', 'az-Arab', 'ku-Arab', 'uz-Arab'],
  ])('%s is from the right', (locale) => {
    expect(directionOf(locale)).toBe('rtl');
  });

  it.each(['en', 'tr', 'az', 'pa', 'ff', 'uz', 'ku', 'zh-TW', 'ja', 'mn-Mong', 'ar-Latn', 'no tag', ''])(
    '%s is from the left',
    (locale) => {
      expect(directionOf(locale)).toBe('ltr');
    },
  );

  it('is that of ICU for every shipped language', () => {
    const byIcu = (locale: string) => {
      const of = new Intl.Locale(locale);
      const info: unknown = Reflect.get(of, 'getTextInfo')?.call(of) ?? Reflect.get(of, 'textInfo');
      return typeof info === 'object' && info !== null ? Reflect.get(info, 'direction') : undefined;
    };
    expect(shipped).toContain('ar');
    expect(shipped.map((locale) => [locale, directionOf(locale)])).toEqual(
      shipped.map((locale) => [locale, byIcu(locale)]),
    );
  });
});
