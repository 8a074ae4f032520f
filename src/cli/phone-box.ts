import { wrap } from './wrap.ts';

/** Draws a message as a phone shows it: a title, and the text in a box. */
export function phoneBox(title: string, text: string, width: number, dim: (text: string) => string): string[] {
  // A narrower terminal breaks the lines by itself, which is ugly, and still to be read.
  const inner = Math.max(width - 4, 16);
  const border = (left: string, right: string) => dim(`${left}${'─'.repeat(inner + 2)}${right}`);
  return [
    title,
    border('╭', '╮'),
    ...wrap(text, inner).map((line) => `${dim('│')} ${line.padEnd(inner)} ${dim('│')}`),
    border('╰', '╯'),
  ];
}

/** `GSM-7, 1 part` */
export const sizeWords = ({ encoding, parts }: { readonly encoding: string; readonly parts: number }): string =>
  `${encoding}, ${parts} ${parts === 1 ? 'part' : 'parts'}`;
