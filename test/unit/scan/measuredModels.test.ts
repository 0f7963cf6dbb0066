import assert from 'node:assert/strict';
import { unmeasuredNotes } from '../../../server/src/scan/measuredModels';

const size = { layers: 3, hidden: 8, inputs: 3, classes: 2, batchNorm: true } as const;

describe('unmeasuredNotes', () => {
  it('says nothing about models like those that thresholds were set on', () => {
    for (const readout of ['sum', 'mean'] as const)
      assert.deepEqual(unmeasuredNotes({ ...size, kind: 'gin', readout }), []);
  });

  it('warns of other kinds and readouts', () => {
    assert.match(
      unmeasuredNotes({ ...size, kind: 'gin', readout: 'max' })[0],
      /on GIN with max readout was not measured/,
    );
    assert.match(
      unmeasuredNotes({ ...size, kind: 'sage', readout: 'sum' })[0],
      /on GraphSAGE with sum readout was not/,
    );
  });
});
