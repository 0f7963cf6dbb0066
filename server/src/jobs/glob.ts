/**
 * Compiles glob patterns with the syntax of VS Code: `*` and `?` within a path segment, `**` over any number of
 * segments, `{a,b}`, `[a-z]` and `[!a-z]`.
 *
 * @returns whether a relative path with forward slashes, or a folder it lies in, matches one of them
 */
export function globMatcher(patterns: readonly string[]): (relativePath: string) => boolean {
  const expressions = patterns.map(
    (pattern) => new RegExp(`^${translate(pattern)}$`, process.platform === 'win32' ? 'i' : ''),
  );
  return (relativePath) => {
    const segments = relativePath.split('/');
    return segments.some((_, i) => {
      const ancestor = segments.slice(0, i + 1).join('/');
      return expressions.some((expression) => expression.test(ancestor));
    });
  };
}

const tokens = /\*\*\/|\/\*\*$|\*\*|\*|\?|\[!?[^\]/]+\]|\{|\}|,|./gsu;

function translate(pattern: string): string {
  let depth = 0;
  return (
    pattern.replace(tokens, (token) => {
      switch (token) {
        case '**/':
          return '(?:[^/]+/)*';
        case '/**':
          return '(?:/.*)?'; // the folder itself as well, so that it is not entered
        case '**':
          return '.*';
        case '*':
          return '[^/]*';
        case '?':
          return '[^/]';
        case '{':
          depth++;
          return '(?:';
        case '}':
          if (depth === 0) return '\\}';
          depth--;
          return ')';
        case ',':
          return depth > 0 ? '|' : ',';
        default:
          return token.startsWith('[') && token.length > 1
            ? characterClass(token)
            : token.replace(/[\\^$.+()|[\]]/, '\\$&');
      }
    }) + ')'.repeat(depth)
  );
}

function characterClass(token: string): string {
  const negated = token.startsWith('[!');
  const content = token.slice(negated ? 2 : 1, -1).replace(/[\\^[]/g, '\\$&');
  return `[${negated ? '^/' : ''}${content}]`;
}
