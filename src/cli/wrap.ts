/** Breaks a text at its spaces into lines of a width; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = [''];
    for (const word of paragraph.split(' ')) {
      const last = lines.length - 1;
      const line = lines[last] ?? '';
      if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
      else lines[last] = line === '' ? word : `${line} ${word}`;
    }
    return lines;
  });
}
