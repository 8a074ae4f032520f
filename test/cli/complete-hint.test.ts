import { describe, expect, it } from 'vitest';
import { completeHint } from '../../src/cli/complete-hint.ts';
import { createProgram } from '../../src/cli/program.ts';
import { createFakeContext } from '../support/fake-context.ts';
import { marked } from '../support/marked.ts';

const program = createProgram(createFakeContext(), () => {});
const given = { env: 'prod', config: 'my folder/a.json', region: 'eu-west-1', profile: 'sso' };

describe('a hint', () => {
  it.each([
    [
      'okta-otp deploy attaches to it again; okta-otp status shows it',
      'okta-otp deploy --env prod attaches to it again; okta-otp status --env prod shows it',
    ],
    ['put it into okta-otp.json, then okta-otp diff.', 'put it into okta-otp.json, then okta-otp diff --env prod.'],
    ['okta-otp catalog rollback 7 --switch-on', 'okta-otp catalog rollback --env prod 7 --switch-on'],
    ['okta-otp catalog history, then push again', 'okta-otp catalog history --env prod, then push again'],
    [
      'compare the options with what the command expects: --help',
      'compare the options with what the command expects: --help',
    ],
  ])('of %j names the environment that was typed', (hint, complete) => {
    expect(completeHint(hint, program, { env: 'prod' })).toBe(complete);
  });

  it('has every option that says where a command works, in quotes where a shell needs them', () => {
    expect(completeHint('okta-otp deploy', program, { ...given, yes: true, dryRun: true })).toBe(
      'okta-otp deploy --env prod --config "my folder/a.json" --region eu-west-1 --profile sso',
    );
  });

  it('gives a command only options that it has', () => {
    expect(completeHint('okta-otp templates list', program, given)).toBe('okta-otp templates list --env prod');
    expect(completeHint('okta-otp failures list', program, given)).not.toContain('--config');
  });

  it('keeps what it names itself', () => {
    expect(completeHint('okta-otp init --env <name> adds one', program, { env: 'prod' })).toBe(
      'okta-otp init --env <name> adds one',
    );
  });

  it('shows nothing that looks like a number or a code', () => {
    expect(completeHint('okta-otp deploy', program, { env: marked.phone, region: marked.otherOtp })).toBe(
      'okta-otp deploy',
    );
  });
});
