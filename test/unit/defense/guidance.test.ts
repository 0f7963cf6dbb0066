import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { guidanceTerms, guide } from '../../../server/src/defense/guidance';
import { resolveOptions, type GraphnadOptions } from '../../../server/src/defense/options';
import type { LayerOutput } from '../../../server/src/gnn/layerOutput';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';
import { nodeOutput } from '../../support/layers';
import { numeric, numericBatch } from '../../support/numericFixture';

interface Seen {
  readonly name: string;
  readonly weight: number;
  readonly value: number;
}

/** Terms of one step, on the layers of the fixture's models or of the teacher twice. */
function termsAt(step: number, given: Partial<GraphnadOptions>, same = false): Seen[] {
  const options = resolveOptions(given, 48);
  const batch = numericBatch();
  return tf.tidy(() => {
    const layersOf = (matrices: number[][][]): LayerOutput[] =>
      matrices.map((matrix) => nodeOutput(tf.tensor2d(matrix)));
    const teacher = layersOf(numeric.bn_eval.teacher_feats);
    const student = same ? teacher : layersOf(numeric.bn_eval.student_feats);
    const guidance = guide(teacher, batch, options, new Rng(1));
    assert.ok(guidance.chosen.length <= options.relationGraphs);
    const terms = guidanceTerms(student, batch, guidance, step, options, new Rng(2));
    return terms.map(({ name, weight, value }) => ({ name, weight, value: value.dataSync()[0] }));
  });
}

const names = (terms: readonly Seen[]): string[] => terms.map(({ name }) => name);

describe('guidance', () => {
  before(() => selectBackend('graphnad'));

  it('evaluates L_RC at every few steps, with its weight made up for', () => {
    const every = { attentionWeight: 2, relationWeight: 0.5, relationEvery: 3 };
    assert.deepEqual(
      [0, 1, 2, 3].map((step) => names(termsAt(step, every)).length),
      [2, 1, 1, 2],
    );
    const [attention, relation] = termsAt(0, every);
    assert.equal(attention.weight, 2);
    assert.equal(relation.weight, 1.5);
    assert.ok(attention.value > 0 && relation.value > 0);
  });

  it('leaves out what has no weight', () => {
    assert.deepEqual(names(termsAt(0, { attentionWeight: 0 })), ['relation']);
    assert.deepEqual(names(termsAt(0, { relationWeight: 0 })), ['attention']);
  });

  it('is zero where the student shows what the teacher shows', () => {
    for (const { name, value } of termsAt(0, { relationGraphs: 2 }, true)) assert.equal(value, 0, name);
  });
});
