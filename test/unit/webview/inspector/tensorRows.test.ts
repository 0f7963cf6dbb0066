import assert from 'node:assert/strict';
import type { InspectedTensor, TensorStatistics, UnreadStatistics } from '../../../../protocol/inspector';
import {
  isTableSettings,
  needsFigures,
  shapeText,
  visibleTensors,
  type TableSettings,
} from '../../../../webview/inspector/tensorRows';

const tensor = (name: string, dtype: string, shape: readonly number[]): InspectedTensor => ({
  ...{ name, dtype, shape },
  bytes: 4 * shape.reduce((product, size) => product * size, 1),
});
const tensors = [
  tensor('convs.10.weight', 'float32', [8, 8]),
  tensor('convs.9.weight', 'float32', [8, 4]),
  tensor('convs.9.steps', 'int64', []),
  tensor('lin.weight', 'float16', [2, 8]),
];
const parts = [
  { title: 'Layer 1', steps: [], modules: ['convs.9'] },
  { title: 'Layer 2', steps: [], modules: ['convs.10'] },
];
const figures = (name: string, norm: number, notANumber: number): [string, TensorStatistics] => {
  const finite = { min: -norm, max: norm, norm, histogram: { from: -norm, to: norm, counts: [1] } };
  return [name, { name, elements: 1, sampled: 1, notANumber, infinite: 0, finite }];
};
const statistics = new Map<string, TensorStatistics | UnreadStatistics>([
  figures('convs.10.weight', 3, 0),
  figures('convs.9.weight', 7, 2),
  ['convs.9.steps', { name: 'convs.9.steps', problem: 'damaged' }],
]);

const names = (settings: Partial<TableSettings>) =>
  visibleTensors(tensors, parts, { filter: '', ...settings }, statistics).map(({ name }) => name);

describe('visibleTensors', () => {
  it('keeps the order of the file unless told otherwise', () => {
    assert.deepEqual(names({}), ['convs.10.weight', 'convs.9.weight', 'convs.9.steps', 'lin.weight']);
  });

  it('filters by words in name, type and shape, whatever their case', () => {
    assert.deepEqual(names({ filter: 'WEIGHT float16' }), ['lin.weight']);
    assert.deepEqual(names({ filter: '8 × 4' }), ['convs.9.weight']);
    assert.deepEqual(names({ filter: 'nowhere' }), []);
  });

  it('shows a part alone, not what merely begins alike', () => {
    assert.deepEqual(names({ part: 'Layer 1' }), ['convs.9.weight', 'convs.9.steps']);
    assert.equal(
      visibleTensors([tensor('convs.99.weight', 'float32', [])], parts, { filter: '', part: 'Layer 1' }, statistics)
        .length,
      0,
    );
  });

  it('sorts names by their numbers, shapes by elements, both ways', () => {
    const sorted = (key: 'name' | 'shape', descending = false) => names({ sort: { key, descending } });
    assert.deepEqual(sorted('name'), ['convs.9.steps', 'convs.9.weight', 'convs.10.weight', 'lin.weight']);
    assert.deepEqual(sorted('shape', true)[0], 'convs.10.weight');
    assert.deepEqual(sorted('shape')[0], 'convs.9.steps');
  });

  it('sorts by figures, with those that are not known last in either direction', () => {
    assert.deepEqual(names({ sort: { key: 'norm', descending: true } }).slice(0, 2), [
      'convs.9.weight',
      'convs.10.weight',
    ]);
    assert.deepEqual(names({ sort: { key: 'norm', descending: false } }).slice(0, 2), [
      'convs.10.weight',
      'convs.9.weight',
    ]);
    assert.deepEqual(names({ sort: { key: 'nonFinite', descending: true } })[0], 'convs.9.weight');
    assert.ok(needsFigures('nonFinite') && !needsFigures('bytes'));
  });
});

describe('isTableSettings', () => {
  it('takes what was kept, and nothing else', () => {
    assert.ok(isTableSettings({ filter: 'a', sort: { key: 'norm', descending: true }, part: 'x' }));
    assert.ok(isTableSettings({ filter: '' }));
    for (const other of [
      undefined,
      null,
      'a',
      {},
      { filter: 1 },
      { filter: '', sort: { key: 'other', descending: true } },
    ]) {
      assert.ok(!isTableSettings(other));
    }
  });
});

describe('shapeText', () => {
  it('says that a tensor is a single number', () => {
    assert.deepEqual([shapeText([]), shapeText([3]), shapeText([3, 4])], ['scalar', '3', '3 × 4']);
  });
});
