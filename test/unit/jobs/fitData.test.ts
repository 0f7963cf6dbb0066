import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { fitData } from '../../../server/src/jobs/fitData';
import { useTmpFolder } from '../../support/tmpFolder';

describe('fitData', () => {
  const at = useTmpFolder();

  beforeEach(() => {
    // Two graphs with node labels 3, 5, 5 and of degree 1 and 0.
    writeFileSync(at('DS_A.txt'), '1, 2\n2, 1\n');
    writeFileSync(at('DS_graph_indicator.txt'), '1\n1\n2\n');
    writeFileSync(at('DS_graph_labels.txt'), '0\n1\n');
    writeFileSync(at('DS_node_labels.txt'), '3\n5\n5\n');
  });

  const fit = (inputs: number, classes: number): ReturnType<typeof fitData> =>
    fitData({ kind: 'fit-data', data: at(), architecture: { inputs, classes } });

  it('names the feature kinds that have the width of the model', async () => {
    assert.deepEqual(await fit(3, 2), { name: 'DS', graphs: 2, fitting: ['labels'] });
    assert.deepEqual(await fit(2, 2), { name: 'DS', graphs: 2, fitting: ['labels-dense', 'degree'] });
  });

  it('says why a data set does not fit', async () => {
    const wide = await fit(38, 2);
    assert.deepEqual(wide.fitting, []);
    assert.match(wide.reason ?? '', /the model takes 38 features per node; DS gives labels 3/);
    assert.equal((await fit(3, 6)).reason, 'the model tells 6 classes apart; DS has 2');
    const unknown = await fitData({ kind: 'fit-data', data: at() });
    assert.equal(unknown.reason, 'the architecture of the model is not known');
    assert.equal(unknown.graphs, 2);
  });

  it('says what is wrong with a broken data set', async () => {
    writeFileSync(at('DS_A.txt'), '1, 99\n');
    const { graphs, fitting, reason } = await fit(3, 2);
    assert.deepEqual({ graphs, fitting }, { graphs: 0, fitting: [] });
    assert.match(reason ?? '', /DS_A\.txt, line 1/);
  });
});
