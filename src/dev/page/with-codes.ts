import { element } from './element.ts';

/** Texts with their codes as pieces of their own, so that one click takes hold of a code. */
export function withCodes(text: string): readonly (Node | string)[] {
  return text
    .split(/(?<![\d+])(\d{4,10})(?!\d)/)
    .map((piece, index) => (index % 2 === 0 ? piece : element('span', { class: 'code' }, piece)));
}
