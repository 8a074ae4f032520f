/** Cells as lines of even columns; the last one of a line ends it. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  emphasise: (line: string) => string,
): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [emphasise(line(head)), ...rows.map(line), ''].join('\n');
}
