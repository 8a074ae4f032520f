import type { Command } from 'commander';
import { quoted } from '../core/quoted.ts';

/** The options that say where a command works, and so belong to whatever is typed next. */
const names = ['env', 'config', 'region', 'profile'] as const;

/** As commander has parsed them, of whatever command. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/**
 * Puts the options that were typed into each command of ours that a hint names, as far as that command has them and the
 * hint does not name them itself: it can be typed as it stands.
 */
export function completeHint(hint: string, program: Command, given: GivenOptions): string {
  const [before = '', ...commands] = hint.split(/(?<![\w./-])okta-otp (?=[a-z])/);
  return [before, ...commands.map((text) => `okta-otp ${completed(text, program, given)}`)].join('');
}

function completed(text: string, program: Command, given: GivenOptions): string {
  const { command, length } = commandIn(text, program);
  const options = names.flatMap((name) => {
    const value = given[name];
    if (typeof value !== 'string' || !command.options.some(({ long }) => long === `--${name}`)) return [];
    return isPrivate(value) || text.includes(`--${name} `) ? [] : [` --${name} ${quoted(value)}`];
  });
  return text.slice(0, length) + options.join('') + text.slice(length);
}

/** The command whose names a text begins with, and how much of the text they are. */
function commandIn(text: string, program: Command): { readonly command: Command; readonly length: number } {
  let command = program;
  let length = 0;
  for (;;) {
    const [word = '', name] = /^ ?([a-z][a-z-]*)/.exec(text.slice(length)) ?? [];
    const next = command.commands.find((known) => known.name() === name);
    if (next === undefined) return { command, length };
    command = next;
    length += word.length;
  }
}

/** What looks like a code or a telephone number was typed in a wrong place, and is shown nowhere. */
const isPrivate = (value: string) => /^\+?\d[\d\s().-]*$/.test(value);
