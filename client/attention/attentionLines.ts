/** Where things stand in an attention document, lines and columns counted from 0. */
export interface LayerLines {
  /** Counted from 1. */
  readonly layer: number;
  /** Line of its head. */
  readonly line: number;
  /** Its last line. */
  readonly end: number;
  /** What its head says of it: `top 5% share 61%   Gini 0.72   entropy 0.81`. */
  readonly figures: string;
  readonly nodes: readonly NodeLine[];
}

export interface NodeLine {
  readonly node: number;
  readonly line: number;
  /** Absent where the graph has not got this node. */
  readonly attention?: number;
  /** Columns of the bar; an empty range where there is none. */
  readonly bar: readonly [start: number, end: number];
  /** Column of the mark of trigger nodes, where it is there. */
  readonly trigger?: number;
}

const mark = 'trigger';
const head = /^layer (\d+) +(.*)$/;
const row = /^ *\d+:(\d+) +(?:-?\d+|-) +(?:\d+|-) {2}(?:(\d\.\d\d)(?: {2}(#+))?|not in this graph)(?: {2}trigger)?$/;

/** Reads the text form of attention back, as far as an editor needs it: layers, and the nodes in them. */
export function attentionLines(lines: readonly string[]): LayerLines[] {
  const layers: (LayerLines & { end: number; nodes: NodeLine[] })[] = [];
  lines.forEach((text, line) => {
    const [, layer, figures] = head.exec(text) ?? [];
    if (layer !== undefined) layers.push({ layer: Number(layer), line, end: line, figures, nodes: [] });
    const current = layers.at(-1);
    const node = current && nodeLine(text, line);
    if (node === undefined) return;
    current?.nodes.push(node);
    if (current) current.end = line;
  });
  return layers;
}

function nodeLine(text: string, line: number): NodeLine | undefined {
  const [, node, attention, bar = ''] = row.exec(text) ?? [];
  if (node === undefined) return undefined;
  const start = bar === '' ? text.length : text.indexOf('#');
  const trigger = text.endsWith(mark) ? text.length - mark.length : undefined;
  return {
    ...{ node: Number(node), line, bar: [start, start + bar.length] },
    ...(attention !== undefined && { attention: Number(attention) }),
    ...(trigger !== undefined && { trigger }),
  };
}

/** The layer and the node that a line is about. */
export function nodeAt(
  layers: readonly LayerLines[],
  line: number,
): { readonly layer: number; readonly node: NodeLine } | undefined {
  const layer = layers.find((candidate) => candidate.line <= line && line <= candidate.end);
  const node = layer?.nodes.find((candidate) => candidate.line === line);
  return layer && node && { layer: layer.layer, node };
}

/** Number of shades of bars. */
export const shades = 4;

/** How strongly a bar is shaded, in steps of 0.2: 0 (least) to `shades` - 1, from 0.6 on. */
export function shadeOf(attention: number): number {
  return Math.min(shades - 1, Math.floor(5 * attention));
}
