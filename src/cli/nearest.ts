/** The name that was probably meant by one that does not exist: two slips of the finger away at most. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, slips: slipsBetween(typed.toLowerCase(), name.toLowerCase()) }))
    // A short name is two slips away from any other.
    .filter(({ name, slips }) => slips <= Math.min(2, Math.floor(name.length / 2)))
    .toSorted((a, b) => a.slips - b.slips);
  return best?.name;
}

/** Letters left out, put in or exchanged. https://en.wikipedia.org/wiki/Levenshtein_distance */
function slipsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const [diagonal = 0, up = 0, left = 0] = [above[column], above[column + 1], current[column]];
      current.push(Math.min(up + 1, left + 1, diagonal + (letter === other ? 0 : 1)));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
