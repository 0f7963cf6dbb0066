import type { Node } from 'jsonc-parser';
import type { ManifestProblem, ProblemCode } from './problem';
import { allowedNumbers, type NumberShape, type ObjectShape, type Shape, type TextShape } from './shape';
import { similarWords } from './similarWords';
import { propertiesOf, visitShape, type PropertyNode } from './visitShape';

/** After so many problems no more are looked for. */
const mostProblems = 500;

/** What is wrong with the form of a value and all that is in it. */
export function checkShape(root: Node, shape: Shape): ManifestProblem[] {
  const problems: ManifestProblem[] = [];
  visitShape(root, shape, ({ node, shape: expected }) => {
    if (problems.length < mostProblems) problems.push(...check(node, expected));
  });
  return problems;
}

/** An error at a node. */
export function errorAt(
  { offset, length }: Pick<Node, 'offset' | 'length'>,
  code: ProblemCode,
  message: string,
  instead?: readonly string[],
): ManifestProblem {
  return { code, severity: 'error', message, offset, length, ...(instead?.length ? { instead } : {}) };
}

const types: Readonly<Record<Shape['kind'], readonly [type: Node['type'], inWords: string]>> = {
  object: ['object', 'an object'],
  list: ['array', 'an array'],
  text: ['string', 'a text'],
  number: ['number', 'a number'],
  flag: ['boolean', 'true or false'],
  options: ['object', 'an object'],
  names: ['object', 'an object'],
};

function check(node: Node, shape: Shape): ManifestProblem[] {
  const [type, inWords] = types[shape.kind];
  if (node.type !== type) return [errorAt(node, 'type', `Expected ${inWords}, found ${kindOf(node)}`)];
  if (shape.kind === 'object') return checkObject(node, shape);
  if (shape.kind === 'names') return checkNames(node);
  if (shape.kind === 'text') return checkText(node, shape);
  if (shape.kind === 'number') return checkNumber(node, shape);
  return [];
}

function checkObject(node: Node, { properties, required }: ObjectShape): ManifestProblem[] {
  const known = Object.keys(properties);
  const present = propertiesOf(node);
  const names = new Set(present.map(({ name }) => name));
  const free = known.filter((name) => !names.has(name));
  const unknown = present
    .filter(({ name }) => !Object.hasOwn(properties, name))
    .slice(0, mostProblems)
    .map(({ key, name }) =>
      errorAt(
        key,
        'unknown-property',
        `"${name}" is not known here; there are ${known.join(', ')}`,
        similarWords(name, free),
      ),
    );
  const missing = required
    .filter((name) => !names.has(name))
    .map((name) => errorAt({ offset: node.offset, length: 1 }, 'missing-property', `"${name}" is missing`));
  return [...unknown, ...missing, ...checkTwice(present)];
}

function checkTwice(present: readonly PropertyNode[]): ManifestProblem[] {
  const seen = new Set<string>();
  return present
    .filter(({ name }) => seen.has(name) || !seen.add(name))
    .slice(0, mostProblems)
    .map(({ key, name }) => errorAt(key, 'syntax', `"${name}" stands here twice`));
}

function checkNames(node: Node): ManifestProblem[] {
  const present = propertiesOf(node);
  const owners = new Map<string, string>();
  const wrong = present.slice(0, mostProblems).flatMap(({ name, value }) => {
    if (value === undefined) return [];
    if (value.type !== 'string') return [errorAt(value, 'type', `Expected a text, found ${kindOf(value)}`)];
    const meant = value.value as string;
    if (name === '' || meant === '') return [errorAt(value, 'value', 'Expected names that are not empty')];
    const owner = owners.get(meant);
    if (owner !== undefined && owner !== name)
      return [errorAt(value, 'tensor', `"${owner}" is called "${meant}" already`)];
    owners.set(meant, name);
    return [];
  });
  return [...checkTwice(present), ...wrong];
}

function checkText(node: Node, { choices, path }: TextShape): ManifestProblem[] {
  const text = node.value as string;
  if (path !== undefined && text === '') return [errorAt(node, 'value', 'Expected a path')];
  if (choices === undefined || choices.some(({ value }) => value === text)) return [];
  const words = choices.map(({ value }) => value);
  const similar = similarWords(text, words);
  const message = `"${text}" is not known here; there are ${words.join(', ')}`;
  return [errorAt(node, 'value', message, similar.length > 0 || words.length > 8 ? similar : words)];
}

function checkNumber(node: Node, shape: NumberShape): ManifestProblem[] {
  const { whole, least = -Infinity, above = -Infinity, most = Infinity } = shape;
  const value = node.value as number;
  if (
    Number.isFinite(value) &&
    !(whole && !Number.isInteger(value)) &&
    value >= least &&
    value > above &&
    value <= most
  )
    return [];
  return [errorAt(node, 'value', `Expected ${allowedNumbers(shape)}, found ${value}`)];
}

function kindOf({ type, value }: Node): string {
  if (type === 'object') return 'an object';
  if (type === 'array') return 'an array';
  return JSON.stringify(value ?? null).slice(0, 40);
}
