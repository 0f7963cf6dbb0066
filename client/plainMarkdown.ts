/**
 * Text that Markdown shows as it is, in one paragraph. `MarkdownString.appendText` makes every space one at which no line
 * may break, so that long sentences break within words.
 */
export function plainMarkdown(text: string): string {
  const escaped = text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
  // Icons are made of `$(name)` after Markdown took its backslashes away: a file could show one that says "passed".
  return escaped.replaceAll('\\$', '&#36;').replace(/\s+/g, ' ');
}
