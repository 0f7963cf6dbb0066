import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArchitectureSummary } from '../../protocol/model';
import type { Tensor } from '../../server/src/checkpoint/checkpoint';
import { readCheckpoint } from '../../server/src/checkpoint/readCheckpoint';
import type { Recognition } from '../../server/src/gnn/recognise';
import { UnrecognisedArchitectureError } from '../../server/src/gnn/unrecognised';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import { graphOf } from './graphs';

/** A model as people write it: its state dict is in `file`. */
export interface DialectModel {
  readonly file: string;
  /** What no tensor shows, and its kind. */
  readonly architecture: Partial<ArchitectureSummary>;
  /** What the library that it was written for computes, row-major `[graphs, classes]`. */
  readonly logits: {
    /** Of {@link dialectGraphs}. */
    readonly graphs: readonly number[];
    /** Of the first graphs of AIDS. */
    readonly aids: readonly number[];
  };
}

const folder = path.join(__dirname, '../fixtures/dialects');

function json<T>(file: string): T {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as T;
}

/** Models of all dialects; `test/fixtures/dialects/make.py` makes them. */
export const dialectModels = json<readonly DialectModel[]>('expected.json');

/** Graphs with the node labels of AIDS. */
export const dialectGraphs: readonly Graph[] = json<readonly { labels: number[]; edges: [number, number][] }[]>(
  'graphs.json',
).map(({ labels, edges }) => graphOf(labels.length, { labels, edges }));

/** One column for each label. */
export const dialectLayout: FeatureLayout = { kind: 'labels', width: 38, attributeWidth: 0, labelColumns: 38 };

/** The tensors of a model. */
export function dialectTensors(file: string): ReadonlyMap<string, Tensor> {
  return readCheckpoint(readFileSync(path.join(folder, file)), file).tensors;
}

/** What is recognised; undefined for what is refused with a reason. */
export function unlessRefused(recognise: () => Recognition): Recognition | undefined {
  try {
    return recognise();
  } catch (error) {
    if (error instanceof UnrecognisedArchitectureError) return undefined;
    throw error;
  }
}
