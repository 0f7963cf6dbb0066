import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';

/** What `node --cpu-prof` writes, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Node that ran at each sample. */
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly children?: readonly number[];
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
}

/** One function on a stack. */
export interface Frame {
  readonly name: string;
  /** Source file, with `/` between folders; relative to the bundle where a source map tells it. */
  readonly file: string;
}

/** Time spent with one and the same stack. */
export interface StackTime {
  /** Innermost function first. */
  readonly stack: readonly Frame[];
  readonly milliseconds: number;
}

/** Reads a profile; functions of bundles are traced back to their sources by the source maps beside the bundles. */
export function readCpuProfile(file: string): StackTime[] {
  return stackTimes(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile, sourceFinder());
}

/** Sums the samples of a profile by stack. @param sourceOf names the source file of a frame */
export function stackTimes(
  { nodes, samples, timeDeltas }: CpuProfile,
  sourceOf: (frame: ProfileNode['callFrame']) => string = (frame) => frame.url,
): StackTime[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
  const times = new Map<number, number>();
  samples.forEach((id, i) => times.set(id, (times.get(id) ?? 0) + timeDeltas[i] / 1000));
  return [...times].map(([id, milliseconds]) => {
    const stack: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = byId.get(at)?.callFrame;
      if (frame) stack.push({ name: frame.functionName, file: sourceOf(frame) });
    }
    return { stack, milliseconds };
  });
}

function sourceFinder(): (frame: ProfileNode['callFrame']) => string {
  const maps = new Map<string, SourceMap | undefined>();
  return ({ url, lineNumber, columnNumber }) => {
    if (!url.startsWith('file:')) return url;
    if (!maps.has(url)) maps.set(url, sourceMapBeside(url));
    const entry = maps.get(url)?.findEntry(lineNumber, columnNumber);
    return entry && 'originalSource' in entry ? entry.originalSource : url;
  };
}

function sourceMapBeside(url: string): SourceMap | undefined {
  const file = `${new URL(url).pathname}.map`;
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A name for time by the functions on the stack; rules are tried frame by frame, innermost first. */
export interface Rule {
  readonly label: string;
  /** Matched against `file#function`. */
  readonly pattern: RegExp;
  /** Whether only the function that ran itself counts, not its callers. */
  readonly innermost?: boolean;
}

/** Milliseconds by label, largest first; `other` is what no rule names. */
export function timeByLabel(times: readonly StackTime[], rules: readonly Rule[]): [label: string, ms: number][] {
  const sums = new Map<string, number>();
  for (const { stack, milliseconds } of times) {
    const label = labelOf(stack, rules);
    sums.set(label, (sums.get(label) ?? 0) + milliseconds);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

function labelOf(stack: readonly Frame[], rules: readonly Rule[]): string {
  for (const [depth, { name, file }] of stack.entries()) {
    const found = rules.find(
      ({ pattern, innermost = false }) => (depth === 0 || !innermost) && pattern.test(`${file}#${name}`),
    );
    if (found) return found.label;
  }
  return 'other';
}
