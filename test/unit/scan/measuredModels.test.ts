import assert from 'node:assert/strict';
import { unmeasuredNote } from '../../../server/src/scan/measuredModels';

const size = { layers: 3, hidden: 8, inputs: 3, classes: 2, batchNorm: true } as const;

describe('unmeasuredNote', () => {
  it('says nothing about models like those that thresholds were set on', () => {
    for (const readout of ['sum', 'mean'] as const)
      assert.equal(unmeasuredNote({ ...size, kind: 'gin', readout }), undefined);
  });

  it('warns of other kinds and readouts', () => {
    assert.match(
      unmeasuredNote({ ...size, kind: 'gin', readout: 'max' }) ?? '',
      /on GIN with max readout was not measured/,
    );
    assert.match(
      unmeasuredNote({ ...size, kind: 'sage', readout: 'sum' }) ?? '',
      /on GraphSAGE with sum readout was not/,
    );
  });
});
