import assert from 'node:assert/strict';
import { architectureText } from '../../../server/src/report/architectureText';

describe('architectureText', () => {
  it('says layers, widths and readout', () => {
    const architecture = { kind: 'gin', layers: 3, hidden: 64, inputs: 38, classes: 2, eps: [0, 0, 0] } as const;
    assert.equal(
      architectureText({ ...architecture, readout: 'sum', batchNorm: true }),
      'GIN, 3 layers, 38 -> 64 -> 2, BatchNorm, sum readout',
    );
    assert.equal(
      architectureText({ ...architecture, layers: 1, readout: 'mean', batchNorm: false }),
      'GIN, 1 layer, 38 -> 64 -> 2, mean readout',
    );
    assert.equal(
      architectureText({ ...architecture, kind: 'gatv2', heads: 4, readout: 'max', batchNorm: true }),
      'GATv2, 3 layers, 38 -> 64 -> 2, 4 heads, BatchNorm, max readout',
    );
  });
});
