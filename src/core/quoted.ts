/** A word of a command line as it is typed in a shell: in quotes where it needs them, of the kind that Windows has too if they do. */
export const quoted = (word: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return /["$`!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
};
