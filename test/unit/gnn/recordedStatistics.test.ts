import assert from 'node:assert/strict';
import { runningMomentum } from '../../../server/src/gnn/layerRun';
import { recordedStatistics } from '../../../server/src/gnn/recordedStatistics';
import { collate } from '../../../server/src/graph/batch';
import { selectBackend } from '../../../server/src/tensor/backend';
import { layout, molecules, trainedModel } from '../scan/synthetic/trained';

describe('recordedStatistics', () => {
  before(() => selectBackend('cpu'));

  it('tells, for every norm, what a step of training takes into the running statistics', async () => {
    const model = await trainedModel();
    const batch = collate(molecules.slice(0, 5), layout);
    const trained = model.clone();
    trained.forward(batch, { training: true });
    const scratch = model.clone();
    model.norms().forEach(({ running }, norm) => {
      const recorded = recordedStatistics(scratch, norm, batch);
      for (const part of ['mean', 'variance'] as const) {
        const moved = trained.norms()[norm].running[part];
        recorded[part].forEach((value, j) => {
          const expected = (1 - runningMomentum) * running[part][j] + runningMomentum * value;
          const tolerance = 1e-4 * Math.max(1, Math.abs(expected));
          assert.ok(Math.abs(moved[j] - expected) < tolerance, `norm ${norm}, ${part} ${j}: ${moved[j]}, ${expected}`);
        });
      }
    });
    for (const each of [model, trained, scratch]) each.dispose();
  });
});
