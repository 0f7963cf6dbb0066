import assert from 'node:assert/strict';
import type { AttentionGraph } from '../../../protocol/attention';
import { chooseGraph } from '../../../server/src/jobs/attentionGraph';
import { attentionGraph, attentionOverview } from '../../support/attention';

const graph = (id: number, view: AttentionGraph['view']): AttentionGraph => ({ ...attentionGraph, id, view });
const graphs = [
  graph(3, 'clean'),
  graph(17, 'clean'),
  graph(21, 'clean'),
  graph(17, 'triggered'),
  graph(21, 'triggered'),
];
const choose = (choice: Parameters<typeof chooseGraph>[1]): [number, string] => {
  const { id, view } = chooseGraph({ overview: attentionOverview, graphs }, choice);
  return [id, view];
};

describe('chooseGraph', () => {
  it('takes the graph that changed most, with the trigger where there is one', () => {
    assert.deepEqual(choose({}), [21, 'triggered']);
    assert.deepEqual(choose({ view: 'clean' }), [21, 'clean']);
    const overview = { ...attentionOverview, ranked: { ...attentionOverview.ranked, triggered: [] } };
    assert.equal(chooseGraph({ overview, graphs }, {}).view, 'clean');
  });

  it('takes the graph that is asked for, as it is where the trigger does not fit', () => {
    assert.deepEqual(choose({ graph: 17 }), [17, 'triggered']);
    assert.deepEqual(choose({ graph: 3 }), [3, 'clean']);
    assert.deepEqual(choose({ graph: 17, view: 'clean' }), [17, 'clean']);
  });

  it('says why there is no such graph', () => {
    assert.throws(() => choose({ graph: 4 }), { name: 'AttentionGraphError', message: /^graph 4: it is not among/ });
    assert.throws(() => choose({ graph: 3, view: 'triggered' }), /^AttentionGraphError: graph 3: it is of the class/);
    const overview = { ...attentionOverview, ranked: { clean: [], triggered: [] } };
    assert.throws(() => chooseGraph({ overview, graphs: [] }, {}), /there is no graph to look at/);
  });
});
