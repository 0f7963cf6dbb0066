import { visible } from './visible';

/**
 * Text that means nothing but itself in Markdown, whoever wrote it: no markup, links, HTML or line breaks. Bars are left
 * to `markdownTable`.
 */
export function markdownText(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]()<>#!~&]/g, String.raw`\$&`);
}

/** Text as code within a line, or as a block where `block` is set; whatever it holds. */
export function markdownCode(text: string, block = false): string {
  const shown = visible(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  if (block) {
    const fence = '`'.repeat(Math.max(3, longest + 1));
    return `${fence}sh\n${shown}\n${fence}`;
  }
  const fence = '`'.repeat(longest + 1);
  const space = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}
