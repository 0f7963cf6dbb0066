/**
 * A Markdown table, first row the head. Cells must not hold line breaks; bars are escaped.
 *
 * @param rows cells as Markdown text, all rows of the same length
 */
export function markdownTable([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}
