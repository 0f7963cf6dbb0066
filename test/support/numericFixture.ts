import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Tensor } from '../../server/src/checkpoint/checkpoint';
import { collate, type GraphBatch } from '../../server/src/graph/batch';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import { graphOf } from './graphs';

type Matrix = number[][];
/** A tensor of a state dict as nested lists. */
type Nested = number | readonly Nested[];

/** One mode of BatchNorm of the fixture: values in float64 from PyTorch autograd. */
export interface NumericCase {
  readonly student_logits: Matrix;
  readonly teacher_logits: Matrix;
  readonly student_feats: Matrix[];
  readonly teacher_feats: Matrix[];
  readonly attention_student: Record<string, number[][]>;
  readonly attention_teacher: Record<string, number[][]>;
  readonly L_AD: Record<string, number>;
  readonly fsp_student: Matrix[][][];
  readonly L_RC_fsp: number;
  readonly CE: number;
  readonly KD: number;
  readonly total_prop_p2_fsp: number;
  readonly grads_total: Record<string, Nested>;
  readonly grads_L_AD_prop_p2: Record<string, Nested>;
  readonly grads_L_RC_fsp: Record<string, Nested>;
  readonly grads_CE: Record<string, Nested>;
}

interface NumericFile {
  readonly graphs: { labels: number[]; edges: [number, number][]; y: number }[];
  readonly num_labels: number;
  readonly proj: Matrix;
  readonly alpha: number;
  readonly beta: number;
  readonly kd: number;
  readonly tau: number;
  readonly student: Record<string, Nested>;
  readonly teacher: Record<string, Nested>;
  readonly bn_eval: NumericCase;
  readonly bn_train: NumericCase & { readonly running_after_one_forward: Record<string, number[]> };
}

/** Values and gradients of a tiny GIN (3 layers, hidden 4, sum readout) from PyTorch in float64. */
export const numeric = JSON.parse(
  readFileSync(path.join(__dirname, '../fixtures/numeric/gin-graphnad.json'), 'utf8'),
) as NumericFile;

export const numericLayout: FeatureLayout = {
  kind: 'labels',
  width: numeric.num_labels,
  attributeWidth: 0,
  labelColumns: numeric.num_labels,
};

/** The three graphs of the fixture. */
export const numericGraphs: readonly Graph[] = numeric.graphs.map(({ labels, edges, y }) =>
  graphOf(labels.length, { labels, edges, classLabel: y }),
);

/** The three graphs of the fixture as one batch. */
export function numericBatch(): GraphBatch {
  return collate(numericGraphs, numericLayout);
}

/** The tensors of one of the fixture's models, as a checkpoint would give them. */
export function numericTensors(model: 'student' | 'teacher'): Map<string, Tensor> {
  return new Map(
    Object.entries(numeric[model]).map(([name, nested]) => [name, tensorOf(name, shapeOf(nested), flatten(nested))]),
  );
}

/** A tensor as a checkpoint would give it. */
export function tensorOf(
  name: string,
  shape: readonly number[],
  values: readonly number[],
  dtype: Tensor['dtype'] = 'float32',
): Tensor {
  return { name, dtype, shape, values: () => Float64Array.from(values) };
}

/** The numbers of nested lists in order. */
export function flatten(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flatten);
}

function shapeOf(nested: Nested): number[] {
  return typeof nested === 'number' ? [] : [nested.length, ...shapeOf(nested[0])];
}
