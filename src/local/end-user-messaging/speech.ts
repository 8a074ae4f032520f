import { parseSsml } from '../../core/ssml.ts';
import type { Script } from '../phone.ts';

/** Readings in which a voice says one character after the other. https://docs.aws.amazon.com/polly/latest/dg/say-as-tag.html */
const spelling = new Set(['characters', 'spell-out', 'digits']);

/** Elements around which a voice pauses by itself. */
const pausing = new Set(['break', 'p', 's']);

/**
 * What a listener hears: breaks become commas, and only what is marked for spelling comes character by character.
 *
 * So a code that would be read as one large number shows as such: `123456`, not `1, 2, 3, 4, 5, 6`.
 */
export function hear({ kind, value }: Script): string {
  if (kind === 'text') return tidy(value);
  const ssml = parseSsml(value);
  if (!ssml.ok) return '';

  const heard: string[] = [];
  const open: { readonly spelled: boolean; readonly silent: boolean }[] = [];
  for (const token of ssml.value) {
    const around = open.at(-1) ?? { spelled: false, silent: false };
    switch (token.kind) {
      case 'text':
        if (!around.silent)
          heard.push(around.spelled ? ` ${[...token.text.replace(/\s/g, '')].join(' ')} ` : token.text);
        break;
      case 'open': {
        const alias = token.name === 'sub' ? token.attributes.get('alias') : undefined;
        if (alias !== undefined && !around.silent) heard.push(alias);
        open.push({
          spelled:
            around.spelled || (token.name === 'say-as' && spelling.has(token.attributes.get('interpret-as') ?? '')),
          silent: around.silent || alias !== undefined,
        });
        break;
      }
      case 'close':
        open.pop();
        if (pausing.has(token.name)) heard.push(' , ');
    }
  }
  return tidy(heard.join(''));
}

/** One space between words, none before a stop; a pause after a stop adds nothing to it. */
const tidy = (heard: string) =>
  heard
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,:;!?])/g, '')
    .replace(/([.,:;!?])(?: ?,)+/g, '$1')
    .replace(/,(?=[.:;!?])/g, '')
    .replace(/^[\s,]+|[\s,]+$/g, '');
