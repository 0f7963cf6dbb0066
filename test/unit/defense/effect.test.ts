import assert from 'node:assert/strict';
import { loadFixture, measure } from '../../../bench/purify/fixtures';
import { purify } from '../../../server/src/defense/purify';
import { selectBackend } from '../../../server/src/tensor/backend';
import { sharedOrSkip } from '../../support/shared';

describe('effect of purification on a real backdoored model', () => {
  it('removes most of the attack at little cost, even with a quarter of the steps', async function () {
    this.timeout(180_000);
    sharedOrSkip(this, 'fixtures', 'models', 'aids-gin-topology-s0.pt');
    sharedOrSkip(this, 'data', 'tu', 'AIDS');
    await selectBackend('graphnad');
    const fixture = await loadFixture('aids-gin-topology-s0');
    const { model, clean, layout } = fixture;
    const before = measure(model, fixture);
    const result = await purify({
      model,
      clean,
      layout,
      options: { fineTuneEpochs: 1, poolSize: 128, teacherRounds: 4, studentRounds: 3 },
      seed: 0,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    const after = measure(result.student, fixture);
    assert.ok(before.flipAsr > 0.9, `before: ${before.flipAsr}`);
    assert.ok(after.flipAsr < 0.3, `after: ${after.flipAsr}`);
    assert.ok(after.acc > before.acc - 0.08, `accuracy ${before.acc} -> ${after.acc}`);
    result.disposeModels();
    model.dispose();
  });
});
