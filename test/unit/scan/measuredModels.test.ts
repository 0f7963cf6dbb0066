import assert from 'node:assert/strict';
import { unmeasuredNotes } from '../../../server/src/scan/measuredModels';

describe('unmeasuredNotes', () => {
  it('says nothing about models like those that thresholds were set on', () => {
    assert.deepEqual(unmeasuredNotes({ kind: 'gin' }), []);
  });

  it('warns of other kinds', () => {
    assert.match(unmeasuredNotes({ kind: 'sage' })[0], /on GraphSAGE was not measured/);
  });
});
