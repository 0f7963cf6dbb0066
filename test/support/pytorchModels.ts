import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArchitectureSummary } from '../../protocol/model';
import type { Tensor } from '../../server/src/checkpoint/checkpoint';
import { readCheckpoint } from '../../server/src/checkpoint/readCheckpoint';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import { graphOf } from './graphs';

/** What a model of PyTorch Geometric computes on the graphs of the fixture, in float64. */
export interface ExpectedRun {
  /** Row-major `[graphs, classes]`. */
  readonly logits: readonly number[];
  /** Of the mean cross-entropy, by tensor name, row by row. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** Statistics of BatchNorm afterwards, by tensor name. */
  readonly running: Readonly<Record<string, readonly number[]>>;
}

/** A graph classifier of PyTorch Geometric: its state dict is in `file`. */
export interface PytorchModel {
  readonly file: string;
  readonly architecture: ArchitectureSummary;
  /** With frozen statistics of BatchNorm. */
  readonly frozen: ExpectedRun;
  /** With the statistics of the batch, and no dropout. */
  readonly training: ExpectedRun;
}

const folder = path.join(__dirname, '../fixtures/models');
const { graphs, models } = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as {
  readonly graphs: readonly { labels: number[]; edges: [number, number][]; y: number }[];
  readonly models: readonly PytorchModel[];
};

/** Models of all kinds; `test/fixtures/models/make.py` makes them. */
export const pytorchModels = models;

/** The graphs that they were run on, with three labels. */
export const pytorchGraphs: readonly Graph[] = graphs.map(({ labels, edges, y }) =>
  graphOf(labels.length, { labels, edges, classLabel: y }),
);

export const pytorchLayout: FeatureLayout = { kind: 'labels', width: 3, attributeWidth: 0, labelColumns: 3 };

export function pytorchTensors(file: string): ReadonlyMap<string, Tensor> {
  return readCheckpoint(readFileSync(path.join(folder, file)), file).tensors;
}
