import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoted } from '../../src/core/quoted.ts';

describe('quoted', () => {
  it('leaves a plain word as it is', () => {
    expect(quoted('team/prod_1@eu-west-1')).toBe('team/prod_1@eu-west-1');
  });

  it.each(['', 'my folder/okta-otp.json', 'a;b', "it's", '$HOME', 'a"b', '`id`', "'$x'"])(
    'gives %s back as one word of a shell',
    (word) => {
      expect(execFileSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' })).toBe(word);
    },
  );
});
