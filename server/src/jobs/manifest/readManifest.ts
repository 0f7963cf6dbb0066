import { createScanner, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { ArchitectureOverride, Manifest } from '../../../../protocol/manifest';
import { JsonFileError } from '../../attack/jsonFile';
import { purificationMethods, settingsOf, type PurificationMethod } from '../../defense/options';
import { checkShape, errorAt } from './checkShape';
import { firstBeyondLimit, mostPatternCharacters } from './modelEntry';
import { architectureShape, manifestShape } from './manifestShape';
import type { ManifestProblem } from './problem';
import type { Shape } from './shape';
import { similarWords } from './similarWords';
import { propertiesOf, textOf, valueOf } from './visitShape';

/** A manifest that cannot be used: names the file, the place in it (line and column) and the reason. */
export class ManifestError extends JsonFileError {
  override readonly name = 'ManifestError';
}

export interface ReadManifest {
  /** What was read; undefined where the text holds nothing. */
  readonly tree?: Node;
  readonly problems: readonly ManifestProblem[];
}

/** Longer texts are nobody's manifest, in characters. */
export const mostCharacters = 1 << 20;
/** Values deeper in others than this overflow the stack of whoever reads them. */
const deepest = 100;

/** Reads a manifest as far as it can be read; never throws. What it says of files is not looked at. */
export function readManifest(text: string): ReadManifest {
  const { tree, problems } = readShaped(text, manifestShape);
  if (tree === undefined) return { problems };
  return {
    tree,
    problems: [...problems, ...checkOptions(tree), ...checkDuplicates(tree), ...checkPatterns(tree)],
  };
}

/** Reads a text as far as it can be read, and says where its form is not the one wanted. */
function readShaped(text: string, shape: Shape): ReadManifest {
  if (text.length > mostCharacters)
    return { problems: [errorAt({ offset: 0, length: 1 }, 'limit', 'This is larger than 1 MiB, so it is not read')] };
  const tooDeep = offsetTooDeep(text);
  if (tooDeep !== undefined) {
    const message = `Values stand in one another more than ${deepest} deep here, so this file is not read`;
    return { problems: [errorAt({ offset: tooDeep, length: 1 }, 'limit', message)] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const syntax = errors.map((error) => errorAt(error, 'syntax', syntaxText(error)));
  if (tree === undefined) return { problems: syntax };
  return { tree, problems: [...syntax, ...checkShape(tree, shape)] };
}

/**
 * The content of a manifest.
 *
 * @param file named in errors
 * @throws ManifestError naming the first of its errors
 */
export function parseManifest(text: string, file: string): Manifest {
  return contentOf(readManifest(text), text, file) as Manifest;
}

/**
 * Parts of an architecture that stand alone, as under `architecture` of a manifest.
 *
 * @param file named in errors
 * @throws ManifestError naming the first of its errors
 */
export function parseArchitecture(text: string, file: string): ArchitectureOverride {
  return contentOf(readShaped(text, architectureShape), text, file) as ArchitectureOverride;
}

/** @throws ManifestError naming the first of the errors */
function contentOf({ tree, problems }: ReadManifest, text: string, file: string): unknown {
  const [first] = problems.filter(({ severity }) => severity === 'error').sort((a, b) => a.offset - b.offset);
  if (first) throw new ManifestError(file, placeAt(text, first.offset), first.message);
  return tree === undefined ? {} : getNodeValue(tree);
}

/** `line 3, column 7`, both counted from 1. */
export function placeAt(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${lines[lines.length - 1].length + 1}`;
}

/** The entries of single models, in their order. */
export function modelEntries(tree: Node | undefined): Node[] {
  const list = tree && valueOf(tree, 'models');
  return list?.type === 'array' ? (list.children ?? []) : [];
}

/** The method that holds at a `purify` object: its own, or that for all models. */
export function methodAt(tree: Node | undefined, purify: Node | undefined): PurificationMethod {
  const named = textOf(valueOf(purify, 'method')) ?? textOf(valueOf(valueOf(tree, 'purify'), 'method'));
  return purificationMethods.find((method) => method === named) ?? 'graphnad';
}

/** Settings that the method does not have, and values that they cannot have. */
function checkOptions(tree: Node): ManifestProblem[] {
  return [tree, ...modelEntries(tree)].flatMap((owner) => {
    const purify = valueOf(owner, 'purify');
    const method = methodAt(tree, purify);
    const settings = settingsOf[method];
    return propertiesOf(valueOf(purify, 'options')).flatMap(({ name, key, value }) => {
      if (!Object.hasOwn(settings, name)) {
        const similar = similarWords(name, Object.keys(settings));
        return [errorAt(key, 'option', `The method ${method} has no setting "${name}"`, similar)];
      }
      if (value === undefined) return [];
      const { allowed, accepts } = settings[name];
      const given: unknown = getNodeValue(value);
      return accepts(given)
        ? []
        : [errorAt(value, 'option', `${name} must be ${allowed}, not ${JSON.stringify(given).slice(0, 40)}`)];
    });
  });
}

function checkDuplicates(tree: Node): ManifestProblem[] {
  const seen = new Set<string>();
  return modelEntries(tree).flatMap((entry) => {
    const node = valueOf(entry, 'model');
    const model = textOf(node);
    if (node === undefined || model === undefined) return [];
    const plain = model.replace(/^(\.\/)+/, '');
    if (!seen.has(plain)) return (seen.add(plain), []);
    return [
      errorAt(node, 'duplicate-model', `${model} has an entry above already, which counts; this one does nothing`),
    ];
  });
}

/** Each model is compared with all patterns, so there is a limit to what they are together. */
function checkPatterns(tree: Node): ManifestProblem[] {
  const models = modelEntries(tree).map((entry) => valueOf(entry, 'model'));
  const node = models[firstBeyondLimit(models.map(textOf)) ?? -1];
  const most = mostPatternCharacters.toLocaleString('en-US');
  const message = `The patterns up to here have more than ${most} characters, with what is in braces written out`;
  return node === undefined ? [] : [errorAt(node, 'limit', message)];
}

/** Where values begin to stand too deep in others. */
function offsetTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const mark = text.charAt(scanner.getTokenOffset()); // a quote for texts, whatever is in them
    if (mark === '{' || mark === '[') depth++;
    if (mark === '}' || mark === ']') depth--;
    if (depth > deepest) return scanner.getTokenOffset();
  }
  return undefined;
}

const syntaxTexts: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'Expected the name of a property',
  ValueExpected: 'Expected a value',
  ColonExpected: 'Expected a colon',
  CommaExpected: 'Expected a comma',
  CloseBraceExpected: 'Expected a closing brace',
  CloseBracketExpected: 'Expected a closing bracket',
  EndOfFileExpected: 'Expected the end of the file',
  UnexpectedEndOfComment: 'The comment has no end',
  UnexpectedEndOfString: 'The text has no end',
};

function syntaxText({ error }: ParseError): string {
  return syntaxTexts[printParseErrorCode(error)] ?? 'This is not JSON';
}
