import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { attentionLoss, attentionMaps } from '../../../server/src/defense/attention';
import type { AttentionWeighting } from '../../../server/src/gnn/attentionMatrix';
import type { LayerOutput } from '../../../server/src/gnn/layerOutput';
import { assertClose } from './assertClose';
import { nodeOutput } from '../../support/layers';
import { numeric, numericBatch } from '../../support/numericFixture';

/** Names of the degree weightings in the fixture. */
const fixtureNames: Record<AttentionWeighting, string> = {
  propagate: 'prop',
  none: 'none',
  rsqrt: 'isqrt',
  inverse: 'inv',
  log: 'log',
  max: 'maxdeg',
};

describe('attention transfer against PyTorch in float64', () => {
  before(() => tf.setBackend('cpu'));

  for (const mode of ['bn_eval', 'bn_train'] as const) {
    for (const [weighting, name] of Object.entries(fixtureNames) as [AttentionWeighting, string][]) {
      for (const power of [1, 2, 3]) {
        it(`${mode}, ${weighting}, p = ${power}`, () => {
          const fixture = numeric[mode];
          const batch = numericBatch();
          tf.tidy(() => {
            const layers = (matrices: number[][][]): LayerOutput[] => matrices.map((m) => nodeOutput(tf.tensor2d(m)));
            const student = attentionMaps(layers(fixture.student_feats), batch, { power, weighting });
            const teacher = attentionMaps(layers(fixture.teacher_feats), batch, { power, weighting });
            const key = `${name}_p${power}`;
            student.forEach((map, l) => assertClose(map.dataSync(), fixture.attention_student[key][l], `layer ${l}`));
            if (key in fixture.attention_teacher) {
              teacher.forEach((map, l) => assertClose(map.dataSync(), fixture.attention_teacher[key][l], `layer ${l}`));
            }
            const loss = attentionLoss(student, teacher, batch.graphCount);
            assertClose(loss.dataSync(), [fixture.L_AD[key]], 'L_AD');
          });
        });
      }
    }
  }
});
