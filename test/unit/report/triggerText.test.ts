import assert from 'node:assert/strict';
import { triggerText } from '../../../server/src/report/triggerText';
import { evidence } from '../../support/reports';

describe('triggerText', () => {
  it('describes structure, labels and placement', () => {
    assert.equal(
      triggerText(evidence.trigger),
      '3-node path with its own labels put on hub nodes, replacing their edges; edges 0-1 1-2; labels 4 4 2',
    );
    assert.equal(
      triggerText({ ...evidence.trigger, labels: null, replace: false }),
      '3-node path put on hub nodes, added to their edges; edges 0-1 1-2; labels kept',
    );
  });

  it('leaves out edges where there are none to put', () => {
    assert.equal(
      triggerText({ ...evidence.trigger, edges: null, placement: 'random' }),
      '3-node set of labels put on random nodes; labels 4 4 2',
    );
    assert.match(triggerText({ ...evidence.trigger, attach: 'new-nodes' }), /appended to one node; edges 0-1 1-2/);
  });
});
