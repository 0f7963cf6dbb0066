/** More alternatives, and more characters, than this are no pattern that a person writes. */
const mostAlternatives = 256;
const mostCharacters = 4096;

/** One character of a name, or any number of any. */
type Token = '*' | ((character: string) => boolean);
/** A part of a path, or any number of any. */
type Part = '**' | readonly Token[];

/**
 * Compiles a glob pattern: `*` and `?` within a name, `**` over any number of folders, `{a,b}`, `[a-z]` and `[!a-z]`.
 * Patterns may come from strangers, so none takes longer than the lengths of pattern and path multiplied; expressions
 * made of them would.
 *
 * @returns whether a path with forward slashes matches as a whole
 */
export function modelPattern(pattern: string): (path: string) => boolean {
  const fold = (text: string): string => (process.platform === 'win32' ? text.toLowerCase() : text);
  const alternatives = alternativesOf(fold(pattern)).map((one) => one.split('/').map(compilePart));
  return (path) => {
    const names = fold(path)
      .split('/')
      .map((name) => [...name]);
    return alternatives.some((parts) =>
      matchAll<Part, string[]>(parts, names, '**', (part, name) =>
        matchAll<Token, string>(part, name, '*', (token, character) => token(character)),
      ),
    );
  };
}

/**
 * Matches items with tokens, of which `star` stands for any number of items. Greedy: what an earlier star has taken need
 * not be tried again once a later one is reached.
 */
function matchAll<T, Item>(
  tokens: readonly T[],
  items: readonly Item[],
  star: T,
  fits: (token: Exclude<T, string>, item: Item) => boolean,
): boolean {
  let token = 0;
  let item = 0;
  let afterStar: number | undefined;
  let taken = 0;
  while (item < items.length) {
    if (token < tokens.length && tokens[token] === star) {
      afterStar = ++token;
      taken = item;
    } else if (token < tokens.length && fits(tokens[token] as Exclude<T, string>, items[item])) {
      token++;
      item++;
    } else if (afterStar !== undefined) {
      token = afterStar;
      item = ++taken;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === star);
}

function compilePart(part: string): Part {
  if (part === '**') return '**';
  // Behind the last closing bracket nothing is looked for that is not there, however many open.
  const end = part.lastIndexOf(']') + 1;
  const tokens = [
    ...(part.slice(0, end).match(/\*+|\[!?[^\]]+\]|./gsu) ?? []),
    ...(part.slice(end).match(/\*+|./gsu) ?? []),
  ];
  return tokens.map((token): Token => {
    if (token.startsWith('*')) return '*';
    if (token === '?') return () => true;
    if (token.startsWith('[') && token.length > 1) return characterClass(token);
    return (character) => character === token;
  });
}

/** `[a-z_]`, `[!0-9]` */
function characterClass(token: string): (character: string) => boolean {
  const negated = token.startsWith('[!');
  const content = [...token.slice(negated ? 2 : 1, -1)];
  const ranges: [string, string][] = [];
  for (let i = 0; i < content.length; i++) {
    if (content[i + 1] === '-' && i + 2 < content.length) {
      ranges.push([content[i], content[i + 2]]);
      i += 2;
    } else ranges.push([content[i], content[i]]);
  }
  return (character) => ranges.some(([low, high]) => low <= character && character <= high) !== negated;
}

/** `a{b,c}` as `ab` and `ac`; none where there are too many, or the pattern is too long. */
export function alternativesOf(pattern: string): string[] {
  if (pattern.length > mostCharacters) return [];
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0 && open.length + done.length <= mostAlternatives) {
    const next = open.pop() ?? '';
    // The innermost ones first: there are no braces in them.
    const group = /\{([^{}]*)\}/.exec(next);
    if (group === null) done.push(next);
    else {
      const [before, after] = [next.slice(0, group.index), next.slice(group.index + group[0].length)];
      open.push(...group[1].split(',').map((word) => before + word + after));
    }
  }
  return open.length > 0 ? [] : done;
}
