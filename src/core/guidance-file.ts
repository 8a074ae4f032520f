import type { Decoded, Problem } from './decode.ts';
import { isObject, parseJson } from './decode.ts';

/** One item of a guidance's table as it was found, and where: `item 2, line 24`. */
export interface PlacedItem {
  readonly place: string;
  readonly value: unknown;
}

/**
 * Finds the items in a text of the AWS guidance's sample-data format: JSON objects with titles and dashed lines between
 * them. Also reads what `aws dynamodb scan`, an export and `batch-write-item` write: a list, `{"Items": []}`, one a line.
 * @see https://github.com/aws-solutions-library-samples/guidance-for-okta-phone-based-multi-factor-authentication-on-aws/blob/main/deployment/English-Spanish-Data.txt
 */
export function findGuidanceItems(text: string): Decoded<readonly PlacedItem[]> {
  const whole = parseJson(text);
  if (whole.ok)
    return some(
      listed(whole.value).map((value, index) => ({ place: `item ${index + 1}`, value })),
      [],
    );

  const items: PlacedItem[] = [];
  const problems: Problem[] = [];
  let found = 0;
  for (let at = startOf(text, 0); at >= 0; ) {
    found += 1;
    const place = `item ${found}, line ${text.slice(0, at).split(/\r\n|\r|\n/).length}`;
    const end = endOf(text, at);
    const parsed = end === undefined ? undefined : parseJson(text.slice(at, end));
    if (end !== undefined && parsed?.ok === true) {
      items.push(...listed(parsed.value).map((value) => ({ place, value })));
      at = startOf(text, end);
    } else {
      problems.push({ path: place, message: end === undefined ? 'is not closed' : 'is not valid JSON' });
      at = startOf(text, afterBroken(text, at));
    }
  }
  return some(items, problems);
}

function some(items: readonly PlacedItem[], problems: readonly Problem[]): Decoded<readonly PlacedItem[]> {
  if (problems.length > 0) return { ok: false, problems };
  return items.length > 0
    ? { ok: true, value: items }
    : { ok: false, problems: [{ path: '', message: 'has no item such as {"language": {"S": "en"}, …}' }] };
}

/** The items in a JSON value: those of a list, of a scan's result, of a batch, or the value itself. */
function listed(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(listed);
  if (!isObject(value)) return [value];
  const inner = value['Item'] ?? value['PutRequest'] ?? value['Items'];
  if (inner !== undefined) return listed(inner);
  const lists = Object.values(value);
  return lists.length > 0 && lists.every((list) => Array.isArray(list)) ? lists.flatMap(listed) : [value];
}

/** Where the next item begins: at a brace that is the first of its line, or that follows an item; -1 where none is. */
function startOf(text: string, from: number): number {
  const next = /[\s,]*\{/y;
  next.lastIndex = from;
  if (next.test(text)) return next.lastIndex - 1;
  const first = /^[ \t\uFEFF]*\{/gm;
  first.lastIndex = from;
  return first.test(text) ? first.lastIndex - 1 : -1;
}

/** Where the object that begins at a brace ends; undefined when it does not. */
function endOf(text: string, start: number): number | undefined {
  const token = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  token.lastIndex = start;
  let depth = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === '{') depth += 1;
    if (found[0] === '}') depth -= 1;
    if (depth === 0) return token.lastIndex;
  }
  return undefined;
}

/** What follows an item that cannot be read is looked at all the same: from the next dashed line, or brace at a margin. */
function afterBroken(text: string, start: number): number {
  const margin = /^(?:\{|-{3,})/gm;
  margin.lastIndex = start + 1;
  return margin.exec(text)?.index ?? text.length;
}
