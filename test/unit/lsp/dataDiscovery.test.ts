import assert from 'node:assert/strict';
import path from 'node:path';
import { rankData, type RankedData } from '../../../server/src/lsp/dataDiscovery';

describe('rankData', () => {
  const at = (...parts: string[]): string => path.resolve('/w', ...parts);
  const data = (folder: string, fitting: RankedData['fitting'] = ['labels']): RankedData => ({
    folder: at(folder),
    name: path.basename(folder),
    graphs: 100,
    fitting,
  });
  const ranked = (model: string, entries: readonly RankedData[]): string[] =>
    rankData(at(model), entries).map(({ folder }) => path.relative(at(), folder).replaceAll(path.sep, '/'));

  it('puts what fits before what does not', () => {
    assert.deepEqual(ranked('m.pt', [data('a', []), data('z/z/z')]), ['z/z/z', 'a']);
  });

  it('prefers the data set that the model is named after', () => {
    assert.deepEqual(ranked('near/gin_AIDS.pt', [data('near/other'), data('far/aids')]), ['far/aids', 'near/other']);
  });

  it('prefers labels and attributes to what fits by chance', () => {
    assert.deepEqual(ranked('m.pt', [data('a', ['degree']), data('b/b', ['attributes'])]), ['b/b', 'a']);
  });

  it('prefers the nearest folder, then the first by path', () => {
    assert.deepEqual(ranked('x/models/m.pt', [data('y/data/a'), data('x/data/c'), data('x/data/b')]), [
      'x/data/b',
      'x/data/c',
      'y/data/a',
    ]);
  });

  it('leaves its input alone', () => {
    const entries = [data('b'), data('a')];
    rankData(at('m.pt'), entries);
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['b', 'a'],
    );
  });
});
