import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCommands, withCauses } from '../scripts/docs.ts';
import { createProgram } from '../src/cli/program.ts';
import { refusalReasons } from '../src/core/authorization.ts';
import { CredentialsError, OktaOtpError, UsageError } from '../src/core/error.ts';
import { createFakeContext } from './support/fake-context.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file.split(sep).join('/')}`)
  .sort();

/** A document's text below the heading, up to the next one of the same level. */
function sectionOf(document: string, heading: string): string {
  const [, rest] = document.split(`\n${heading}\n`);
  if (rest === undefined) throw new Error(`there is no heading "${heading}"`);
  const level = heading.replace(/ .*/, '');
  return rest.split(new RegExp(`\n${level} `))[0] ?? '';
}

/** The cells of a table's rows, without its head. */
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
    .slice(2);

const bare = (cell = '') => cell.replaceAll('`', '');

describe('docs/commands.md', () => {
  it('is what the commands themselves say', () => {
    const generated = renderCommands(createProgram(createFakeContext(), () => {}));
    expect(read('docs/commands.md'), 'docs/commands.md is out of date: run `npm run docs`').toBe(generated);
  });

  it('explains every exit code', () => {
    const rows = rowsOf(sectionOf(read('docs/commands.md'), '## Exit codes'));
    expect(rows.map(([code]) => code)).toEqual(['0', '1', '2', '3', '4', '130']);
    expect(rows.filter(([, meaning]) => meaning === '')).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  const errors = read('docs/errors.md');

  it('lists every code that the sources throw, with its exit code, and no other', () => {
    const kinds = new Map(
      [OktaOtpError, UsageError, CredentialsError].map((kind) => [kind.name, new kind('', '').exitCode]),
    );
    const thrown = sources.flatMap((file) => {
      const text = read(file);
      for (const [, kind = ''] of text.matchAll(
        /class (\w+) extends (?:OktaOtpError|UsageError|CredentialsError)\b/g,
      )) {
        expect([...kinds.keys()], `${file}: name ${kind} among the kinds of errors in test/docs.test.ts`).toContain(
          kind,
        );
      }
      return [...text.matchAll(/new (\w+)\(\s*('[^']*'|.)/g)]
        .filter(([, kind = '']) => kinds.has(kind))
        .map(([, kind = '', code = '']) => {
          expect(code, `${file}: the code of an ${kind} has to be written where it is thrown`).toMatch(/^'[a-z-]+'$/);
          return `${code.slice(1, -1)} ends with ${kinds.get(kind)}`;
        });
    });
    const listed = rowsOf(sectionOf(errors, '## Errors of the command line')).map(
      ([code, exit]) => `${bare(code)} ends with ${exit}`,
    );
    expect(listed, 'the table of codes in docs/errors.md').toEqual([...new Set(thrown)].sort());
  });

  it('says of every code what happened and what to do', () => {
    const rows = rowsOf(sectionOf(errors, '## Errors of the command line'));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => row.length !== 4 || row.includes(''))).toEqual([]);
  });

  it('has the causes as the failure policy has them', () => {
    expect(errors, 'docs/errors.md is out of date: run `npm run docs`').toBe(withCauses(errors));
  });

  it('explains every reason for which a token is refused, and no other', () => {
    const rows = rowsOf(sectionOf(errors, '## Reasons for which a token is refused'));
    expect(rows.map(([reason]) => bare(reason))).toEqual([...refusalReasons]);
    expect(rows.filter((row) => row.length !== 3 || row.includes(''))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const architecture = read('docs/architecture.md');
  const folders = sectionOf(architecture, '## Files')
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const [heading = '', ...lines] = text.split('\n');
      return { folder: bare(heading), lines: lines.filter((line) => line !== '') };
    });
  const entries = folders.flatMap(({ folder, lines }) =>
    lines.map((line) => {
      const [, file = line, words = ''] = /^- `([^`/]+)` – (.*)$/.exec(line) ?? [];
      return { path: `${folder}/${file}`, words };
    }),
  );

  it('has one line for every file of src', () => {
    const listed = new Set(entries.map(({ path }) => path));
    const missing = sources
      .filter((file) => !listed.has(file))
      .map((file) => {
        const line = `- \`${file.slice(file.lastIndexOf('/') + 1)}\` – <what it is, in one line>`;
        return `add to docs/architecture.md, below "### \`${dirname(file)}\`", the line: ${line}`;
      });
    expect(missing).toEqual([]);
  });

  it('has no line for a file that is not there, none twice, and none without words', () => {
    const seen = new Set<string>();
    const wrong = entries.flatMap(({ path, words }) => {
      const again = seen.has(path);
      seen.add(path);
      if (!sources.includes(path)) return `remove the line of ${path}: there is no such file`;
      if (again) return `remove the second line of ${path}`;
      return words.trim() === '' ? `say what ${path} is` : [];
    });
    expect(wrong).toEqual([]);
  });

  it('has the folders in the order of the layers, and the files of each by name', () => {
    const layers = ['cli', 'dev', 'local', 'deploy', 'handlers', 'aws', 'okta', 'net', 'core'];
    const ranked = folders.map(({ folder }) => `${layers.indexOf(folder.split('/')[1] ?? '')} ${folder}`);
    expect(ranked).toEqual(ranked.toSorted());
    const paths = entries.map(({ path }) => path);
    expect(paths).toEqual(folders.flatMap(({ folder }) => paths.filter((path) => dirname(path) === folder).sort()));
  });

  it('tells in ten steps what happens when a hook arrives, each with the files that do it', () => {
    const steps = sectionOf(architecture, '## What happens when a hook arrives')
      .split(/\n(?=\d+\. )/)
      .slice(1);
    expect(steps.map((step) => Number.parseInt(step, 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(steps.filter((step) => !/`src\/[\w./-]+\.ts`/.test(step))).toEqual([]);
  });
});

describe('docs/local.md', () => {
  it('says of every service of the local cloud what is emulated and what is not', () => {
    const rows = rowsOf(sectionOf(read('docs/local.md'), '## What is emulated'));
    expect(rows.map(([service]) => service)).toEqual([
      'End User Messaging',
      'Okta authorization server',
      'API Gateway',
      'Lambda',
      'DynamoDB',
      'SQS',
      'CloudFormation',
      'S3',
      "Lambda's control plane",
      "STS, IAM, API Gateway's account",
      'CloudWatch',
    ]);
    expect(rows.filter((row) => row.length !== 3 || row.includes(''))).toEqual([]);
  });
});

describe('every document', () => {
  const documents = ['README.md', ...markdownIn('docs')];
  const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, '');

  it('links to files that are there and stay in the repository', () => {
    const broken = documents.flatMap((document) =>
      [...withoutCode(read(document)).matchAll(/\]\(([^)#]+)[^)]*\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^https:/.test(target))
        .filter((target) => !isThere(join(dirname(document), target)))
        .map((target) => `${document} links to ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('names files that are there', () => {
    const named = documents.flatMap((document) =>
      [...withoutCode(read(document)).matchAll(/`((?:src|test|scripts|bin|templates|schemas)\/[\w./-]+\.\w+)`/g)]
        .map(([, path = '']) => path)
        .filter((path) => !isThere(path))
        .map((path) => `${document} names ${path}`),
    );
    expect(named).toEqual([]);
  });
});

/** Every document of a folder and of those within. */
function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name.split(sep).join('/')}`);
}

function isThere(path: string): boolean {
  const full = resolve(root, path);
  return full.startsWith(root + sep) && existsSync(full);
}
