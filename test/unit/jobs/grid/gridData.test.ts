import assert from 'node:assert/strict';
import { loadAuxiliaryGraphs, loadGridData, loadSource } from '../../../../server/src/jobs/grid/gridData';
import type { GridData } from '../../../../server/src/jobs/grid/grid';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('data of a grid', () => {
  const at = useTmpFolder();
  const molecules: GridData = {
    name: 'M',
    source: { synthetic: { graphs: 30, seed: 1 } },
    features: 'degree',
    target: 0,
    auxiliary: { name: 'N', source: { synthetic: { graphs: 40, seed: 2 } } },
  };

  it('makes the same molecules from the same seed, with a hash', async () => {
    const first = await loadSource('M', molecules.source);
    assert.match(first.hash, /^[0-9a-f]{64}$/);
    assert.equal((await loadSource('M', molecules.source)).hash, first.hash);
    assert.notEqual((await loadSource('M', { synthetic: { graphs: 30, seed: 2 } })).hash, first.hash);
  });

  it('gives auxiliary graphs features of the same width, where every graph has such', async () => {
    const { layout } = await loadGridData(molecules);
    assert.equal((await loadAuxiliaryGraphs(molecules, layout)).length, 40);
    const wider = { ...layout, width: layout.width + 3 };
    await assert.doesNotReject(loadAuxiliaryGraphs(molecules, wider));
    const labels = { ...molecules, features: 'labels' } as const;
    await assert.rejects(loadAuxiliaryGraphs(labels, { ...layout, width: 99 }), { name: 'FeatureMismatchError' });
    await assert.rejects(loadAuxiliaryGraphs({ ...molecules, auxiliary: undefined }, layout), RangeError);
  });

  it('names a folder that holds no data set, again and again', async () => {
    const nowhere = { ...molecules, source: { folder: at('nowhere') } };
    for (let i = 0; i < 2; i++) await assert.rejects(loadGridData(nowhere), { name: 'DatasetError' });
  });
});
