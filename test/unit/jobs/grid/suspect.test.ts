import assert from 'node:assert/strict';
import { loadGridData, type EncodedData } from '../../../../server/src/jobs/grid/gridData';
import { architectureOf, cleanIdsOf, isAttacked, splitsOf, targetOf, type SuspectSpec } from '../../../../server/src/jobs/grid/suspect'; // prettier-ignore
import { readGrid } from '../../../support/grids';

describe('a suspect of a grid', () => {
  const grid = readGrid('smoke');
  const [none, subgraph] = grid.attacks;
  const spec: SuspectSpec = { data: grid.data[0], attack: subgraph, architecture: grid.architectures[0], training: grid.training, seed: 3 }; // prettier-ignore
  let data: EncodedData;
  before(async () => {
    data = await loadGridData(spec.data);
  });

  it('knows its attack and target', () => {
    assert.deepEqual([isAttacked(spec), isAttacked({ ...spec, attack: none })], [true, false]);
    assert.equal(targetOf(spec), 1);
    assert.equal(targetOf({ ...spec, attack: { ...subgraph, options: { target: 0 } } }), 0);
    const { kind, layers, hidden, inputs, classes } = architectureOf(spec, data);
    assert.deepEqual([kind, layers, hidden, inputs, classes], ['gin', 2, 8, data.layout.width, 2]);
    const gat: SuspectSpec = { ...spec, architecture: { ...spec.architecture, kind: 'gat' } };
    assert.equal(architectureOf(gat, data).heads, 1);
    assert.equal(architectureOf({ ...gat, architecture: { ...gat.architecture, heads: 4 } }, data).heads, 4);
  });

  it('takes clean graphs that are neither poisoned nor tested on, as many as of a split without poison', () => {
    const { train, test } = splitsOf(spec, data);
    const poisoned = train.filter((_, i) => i % 7 === 0);
    for (const rate of [0.03, 0.1, 0.5]) {
      const clean = cleanIdsOf(spec, data, poisoned, rate);
      assert.equal(clean.length, Math.ceil(rate * train.length - 1e-9));
      assert.ok(clean.every((id) => train.includes(id) && !poisoned.includes(id) && !test.includes(id)));
      assert.deepEqual(new Set(clean.map((id) => data.graphs[id].classLabel)), new Set([0, 1]));
      assert.deepEqual(cleanIdsOf(spec, data, poisoned, rate), clean);
    }
    assert.equal(cleanIdsOf(spec, data, poisoned, 1).length, train.length - poisoned.length);
    assert.notDeepEqual(cleanIdsOf({ ...spec, seed: 4 }, data, [], 0.1), cleanIdsOf(spec, data, [], 0.1));
  });
});
