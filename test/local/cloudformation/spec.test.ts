import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = import.meta.dirname;
const spec = readFileSync(join(folder, '../../../docs/local-cloudformation.md'), 'utf8');
const rules = [...spec.matchAll(/^\| ([A-Z]\d+) \| (.+) \| (.*) \|$/gm)].map(
  ([, number = '', text = '', source = '']) => ({
    number,
    text,
    source,
  }),
);
const titles = readdirSync(folder)
  .filter((file) => file.endsWith('.test.ts') && file !== 'spec.test.ts')
  .flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(/^\s*it(?:\.each\([\s\S]*?\))?\(\s*'([^']+)'/gm),
  ])
  .map(([, title = '']) => title);

describe("the rules of the local cloud's CloudFormation", () => {
  it('have a number each, and there are some', () => {
    expect(rules.length).toBeGreaterThan(40);
    expect(new Set(rules.map(({ number }) => number)).size).toBe(rules.length);
  });

  it('each name the page of AWS that they come from', () => {
    const without = rules.filter(
      ({ source }) => !/^\[[^\]]+\]\(https:\/\/(docs\.aws\.amazon\.com|repost\.aws)\/[^)]+\)$/.test(source),
    );
    expect(without).toEqual([]);
  });

  it('each have a test that begins with their number, and no test has another', () => {
    const tested = new Set(titles.flatMap((title) => title.match(/^[A-Z]\d+(?=: )/) ?? []));
    expect(rules.map(({ number }) => number).filter((number) => !tested.has(number))).toEqual([]);
    expect([...tested].filter((number) => !rules.some((rule) => rule.number === number))).toEqual([]);
  });
});
