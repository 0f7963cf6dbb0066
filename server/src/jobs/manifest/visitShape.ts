import type { Node } from 'jsonc-parser';
import type { Shape } from './shape';

/** A value in the text of a manifest and what it may be. */
export interface ShapedNode {
  readonly node: Node;
  readonly shape: Shape;
  /** Names of the properties and numbers of the items that lead to it. */
  readonly path: readonly (string | number)[];
}

/** Visits a value and, below it, those that have a shape; values of another type than their shape are not entered. */
export function visitShape(
  node: Node,
  shape: Shape,
  visit: (found: ShapedNode) => void,
  path: ShapedNode['path'] = [],
): void {
  visit({ node, shape, path });
  if (shape.kind === 'object' && node.type === 'object') {
    for (const { name, value } of propertiesOf(node)) {
      if (value === undefined || !Object.hasOwn(shape.properties, name)) continue;
      visitShape(value, shape.properties[name], visit, [...path, name]);
    }
  } else if (shape.kind === 'list' && node.type === 'array') {
    node.children?.forEach((item, i) => visitShape(item, shape.items, visit, [...path, i]));
  }
}

export interface PropertyNode {
  readonly name: string;
  /** Of the name, quotes included. */
  readonly key: Node;
  /** Absent while somebody types. */
  readonly value?: Node;
  /** Of both. */
  readonly node: Node;
}

/** The properties of an object in their order. */
export function propertiesOf(node: Node | undefined): PropertyNode[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    return typeof key?.value === 'string' ? [{ name: key.value, key, value, node: property }] : [];
  });
}

/** The value of a property; of several of that name, the last one counts, as in JSON. */
export function valueOf(node: Node | undefined, name: string): Node | undefined {
  return propertiesOf(node)
    .filter((property) => property.name === name)
    .at(-1)?.value;
}

/** The text that a node holds, where it is one. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.type === 'string' ? (node.value as string) : undefined;
}
