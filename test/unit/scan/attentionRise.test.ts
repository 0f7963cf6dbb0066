import assert from 'node:assert/strict';
import type { AttentionConcentration } from '../../../protocol/reports';
import { largestRise } from '../../../server/src/scan/attentionRise';

const measured = (layer: number, clean: number, triggered: number): AttentionConcentration => ({
  ...{ layer, clean, triggered, examples: [] },
  gini: { clean: 0, triggered: 0 },
  entropy: { clean: 1, triggered: 1 },
});

describe('largestRise', () => {
  it('is compared in the layer where a trigger raises it most', () => {
    const layers = [measured(1, 0.5, 0.6), measured(2, 0.1, 0.3)];
    const { layer, rise } = largestRise(layers);
    assert.equal(layer, layers[1]);
    assert.ok(Math.abs(rise - 3) < 1e-12);
    assert.equal(largestRise([measured(1, 0, 0)]).rise, 0);
  });
});
