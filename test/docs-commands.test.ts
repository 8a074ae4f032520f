import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/cli/program.ts';
import { createFakeContext } from './support/fake-context.ts';

const root = resolve(import.meta.dirname, '..');
const program = createProgram(createFakeContext(), () => {});
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && file !== 'commands.md')
    .map((file) => `docs/${file.replaceAll('\\', '/')}`)
    .sort(),
];

/** A command line of a document; one that is to be typed as it stands has all of its arguments. */
interface Written {
  readonly place: string;
  readonly words: readonly string[];
  readonly isWhole: boolean;
}

const start = /^(?:okta-otp|node bin\/okta-otp\.js|npx okta-otp)(?: |$)/;

function commandsIn(file: string): readonly Written[] {
  let inFence = false;
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, index): Written[] => {
      if (line.startsWith('```')) {
        inFence = !inFence;
        return [];
      }
      const spans = inFence ? [line] : [...line.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
      return spans
        .map((span) => span.trim())
        .filter((span) => start.test(span))
        .map((span) => ({
          place: `${file}:${index + 1} ${span}`,
          words: wordsOf(span.replace(start, '')),
          isWhole: inFence,
        }));
    });
}

/** Up to where a shell would do something else. */
const wordsOf = (line: string) => (line.split(/\s[|#>&]|…/)[0] ?? '').match(/"[^"]*"|'[^']*'|<[^>]*>|\S+/g) ?? [];

/** What the program would not understand of a line. */
function problemOf({ words, isWhole }: Written): string | undefined {
  let command: Command = program;
  let rest = [...words];
  while (rest[0] !== undefined) {
    const next = command.commands.find((of) => of.name() === rest[0]);
    if (next === undefined) break;
    command = next;
    rest = rest.slice(1);
  }
  const values: string[] = [];
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    if (!word.startsWith('-')) {
      values.push(word);
      continue;
    }
    const [name = '', value] = word.split('=');
    const option = command.options.find(({ long, short }) => long === name || short === name);
    if (option === undefined && name !== '--help' && name !== '-h' && !(command === program && name === '--version')) {
      return `${command.name()} has no option ${name}`;
    }
    if (option?.required === true && value === undefined && rest.shift() === undefined && isWhole) {
      return `${name} needs a value`;
    }
  }
  if (command.commands.length > 0) {
    return values.length > 0 ? `${command.name()} has no command ${values[0]}` : undefined;
  }
  const all = command.registeredArguments;
  if (values.length > all.length && all.at(-1)?.variadic !== true) return `${command.name()} takes no ${values.at(-1)}`;
  const [missing] = isWhole ? all.slice(values.length).filter(({ required }) => required) : [];
  return missing === undefined ? undefined : `${command.name()} needs <${missing.name()}>`;
}

describe('every command line in a document', () => {
  it.each(documents)('of %s is one that there is', (file) => {
    const wrong = commandsIn(file).flatMap((written) => {
      const problem = problemOf(written);
      return problem === undefined ? [] : [`${written.place}: ${problem}`];
    });
    expect(wrong).toEqual([]);
  });

  it('is found', () => {
    expect(documents.flatMap(commandsIn).length).toBeGreaterThan(40);
    expect(commandsIn('docs/incidents.md').length).toBeGreaterThan(5);
  });

  it.each([
    ['okta-otp deplyo', 'has no command deplyo'],
    ['okta-otp deploy --canari', 'has no option --canari'],
    ['okta-otp deploy prod', 'takes no prod'],
    ['okta-otp catalog switch', 'needs <'],
    ['okta-otp deploy --env', '--env needs a value'],
    ['okta-otp catalog rollback --table', '--table needs a value'],
  ])('would be told if it were "%s"', (line, problem) => {
    expect(problemOf({ place: '', words: wordsOf(line.replace(start, '')), isWhole: true })).toContain(problem);
  });
});
