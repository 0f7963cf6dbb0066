import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collate, type GraphBatch } from '../../../server/src/graph/batch';
import type { Graph } from '../../../server/src/graph/graph';

type Matrix = number[][];

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
  readonly grads_total: Record<string, unknown>;
  readonly grads_L_AD_prop_p2: Record<string, unknown>;
  readonly grads_L_RC_fsp: Record<string, unknown>;
  readonly grads_CE: Record<string, unknown>;
}

interface NumericFile {
  readonly graphs: { labels: number[]; edges: [number, number][]; y: number }[];
  readonly num_labels: number;
  readonly proj: Matrix;
  readonly alpha: number;
  readonly beta: number;
  readonly kd: number;
  readonly tau: number;
  readonly student: Record<string, unknown>;
  readonly teacher: Record<string, unknown>;
  readonly bn_eval: NumericCase;
  readonly bn_train: NumericCase;
}

export const numeric = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/numeric/gin-graphnad.json'), 'utf8'),
) as NumericFile;

/** The three graphs of the fixture as one batch. */
export function numericBatch(): GraphBatch {
  const graphs = numeric.graphs.map(({ labels, edges, y }): Graph => {
    const ordered = edges.map(([u, v]) => [Math.min(u, v), Math.max(u, v)]);
    ordered.sort(([a, b], [c, d]) => a - c || b - d);
    return {
      nodeCount: labels.length,
      edges: Int32Array.from(ordered.flat()),
      nodeLabels: Int32Array.from(labels),
      attributes: new Float32Array(0),
      classLabel: y,
    };
  });
  const width = numeric.num_labels;
  return collate(graphs, { kind: 'labels', width, attributeWidth: 0, labelColumns: width });
}
