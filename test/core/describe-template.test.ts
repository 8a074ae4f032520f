import { describe, expect, it } from 'vitest';
import { describeTemplate } from '../../src/core/describe-template.ts';

describe('a template that was taken', () => {
  it.each([
    ['exact', 'es for es-MX (exact), for every request type'],
    ['parent', 'es for es-MX (its parent in CLDR), for every request type'],
    ['less-specific', 'es for es-MX (less specific), for every request type'],
    ['related', 'es for es-MX (a related locale), for every request type'],
    ['default', 'es for es-MX (the default), for every request type'],
    ['of a later version', 'es for es-MX (of a later version), for every request type'],
  ])('is told with why: %s', (match, words) => {
    expect(describeTemplate({ locale: 'es', match }, 'es-MX')).toBe(words);
  });

  it('is told with the request type that it is for', () => {
    const template = { locale: 'es', match: 'exact', requestType: 'password-reset' };
    expect(describeTemplate(template, 'es')).toBe('es for es (exact), for password-reset');
  });
});
