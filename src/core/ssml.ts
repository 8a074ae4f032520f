import type { Decoded } from './decode.ts';

export type SsmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string };

const name = '[A-Za-z_][\\w:.-]*';
const attribute = `${name}\\s*=\\s*(?:"[^"<]*"|'[^'<]*')`;
const openTag = new RegExp(`<(${name})((?:\\s+${attribute})*)\\s*(/?)>`, 'y');
const closeTag = new RegExp(`</(${name})\\s*>`, 'y');
const attributes = new RegExp(`(${name})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');
const text = /[^<]+/y;
const comment = /<!--(?:(?!--)[\s\S])*-->/y;
const space = /\s+/y;
const declaration = /^<\?xml\s[^<>?]*\?>/;

/**
 * Reads the SSML of a call: one well-formed XML element `<speak>` with the five named entities. CDATA sections and
 * DOCTYPEs count as not well-formed, since nobody needs them to say a code. Which elements the voice knows is not checked.
 * @see https://docs.aws.amazon.com/polly/latest/dg/supportedtags.html
 */
export function parseSsml(ssml: string): Decoded<readonly SsmlToken[]> {
  if (/(?![\t\n\r])\p{Cc}/u.test(ssml)) return refused('has a control character, which XML cannot hold');
  const tokens: SsmlToken[] = [];
  const open: string[] = [];
  let at = declaration.exec(ssml)?.[0].length ?? 0;

  const read = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(ssml);
    if (match !== null) at += match[0].length;
    return match;
  };

  while (at < ssml.length) {
    if (read(comment) || (open.length === 0 && read(space))) continue;
    if (open.length === 0 && tokens.length > 0) return refused('goes on after </speak>');

    const words = open.length > 0 ? read(text) : null;
    if (words) {
      const decoded = decodeEntities(words[0]);
      if (decoded === undefined) return refused('has an & that begins no known entity');
      tokens.push({ kind: 'text', text: decoded });
      continue;
    }

    const opening = read(openTag);
    if (opening) {
      const [, tag = '', written = '', empty = ''] = opening;
      if (open.length === 0 && tag !== 'speak') return refused('must be inside <speak>');
      const found = parseAttributes(written);
      if (found === undefined) return refused('has an attribute twice, or with an & that begins no known entity');
      tokens.push({ kind: 'open', name: tag, attributes: found });
      if (empty === '/') tokens.push({ kind: 'close', name: tag });
      else open.push(tag);
      continue;
    }

    const closing = read(closeTag);
    if (!closing) return refused(open.length === 0 ? 'must be inside <speak>' : 'has a < that begins no tag');
    const [, tag = ''] = closing;
    if (open.pop() !== tag) return refused(`closes <${tag}> where another element is open`);
    tokens.push({ kind: 'close', name: tag });
  }

  if (tokens.length === 0) return refused('must be inside <speak>');
  const unclosed = open.at(-1);
  return unclosed === undefined ? { ok: true, value: tokens } : refused(`does not close <${unclosed}>`);
}

const refused = (message: string): Decoded<readonly SsmlToken[]> => ({ ok: false, problems: [{ path: '', message }] });

function parseAttributes(written: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const [, key = '', double, single = ''] of written.matchAll(attributes)) {
    const value = decodeEntities(double ?? single);
    if (value === undefined || found.has(key)) return undefined;
    found.set(key, value);
  }
  return found;
}

/** XML's five reserved characters, and nothing of what no XML may hold: control characters and halves of a pair. */
export const escapeXml = (text: string) =>
  text
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');

/** Words as SSML: escaped and inside `<speak>`, unless they are SSML already. */
export const asSsml = (words: string): string =>
  /^\s*<(?:speak|\?xml)[\s>]/.test(words) ? words.trim() : `<speak>${escapeXml(words.trim())}</speak>`;

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** undefined when an `&` begins no entity. */
function decodeEntities(raw: string): string | undefined {
  const decoded: string[] = [];
  for (const [index, piece] of raw.split('&').entries()) {
    if (index === 0) {
      decoded.push(piece);
      continue;
    }
    const [whole, , decimal, hexadecimal] = /^(\w+|#(\d+)|#x([0-9A-Fa-f]+));/.exec(piece) ?? [];
    if (whole === undefined) return undefined;
    const code = decimal ? Number(decimal) : hexadecimal ? Number.parseInt(hexadecimal, 16) : undefined;
    const character = code === undefined ? named[whole.slice(0, -1)] : characterOf(code);
    if (character === undefined) return undefined;
    decoded.push(character, piece.slice(whole.length));
  }
  return decoded.join('');
}

/** undefined for what XML forbids. https://www.w3.org/TR/xml/#charsets */
function characterOf(code: number): string | undefined {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return code < 0x20 && ![0x9, 0xa, 0xd].includes(code) ? undefined : String.fromCodePoint(code);
}
