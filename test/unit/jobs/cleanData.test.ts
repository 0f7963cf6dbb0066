import assert from 'node:assert/strict';
import { FeatureMismatchError } from '../../../server/src/dataset/features';
import { loadCleanData } from '../../../server/src/jobs/cleanData';
import { ogbData } from '../../support/ogb';
import { useTinyWorkspace } from '../../support/tinyWorkspace';

const tables = { inputs: 9, embeddings: [119, 5, 12, 12, 10, 6, 6, 2, 2], edgeEmbeddings: [5, 6, 2] };

describe('loadCleanData', () => {
  const workspace = useTinyWorkspace();

  it('takes the first features that fit a model', async () => {
    const { features, layout } = await loadCleanData(workspace().data, { inputs: 6 });
    assert.deepEqual([features, layout.width], ['labels', 6]);
    await assert.rejects(loadCleanData(workspace().data, { inputs: 99 }), FeatureMismatchError);
  });

  it('takes numbers of nodes and edges for models that embed them, and nothing else', async () => {
    for (const choice of ['auto', 'embedded'] as const) {
      const { features, layout, graphs } = await loadCleanData(ogbData, tables, choice);
      assert.deepEqual([features, layout.width, layout.edgeRows?.width], ['embedded', 9, 3]);
      assert.ok(graphs.every(({ edges, edgeLabels }) => edgeLabels?.length === edges.length / 2));
    }
    const refused: readonly Parameters<typeof loadCleanData>[] = [
      [ogbData, tables, 'attributes'],
      [ogbData, { ...tables, embeddings: [4, 5, 12, 12, 10, 6, 6, 2, 2] }],
      [ogbData, { ...tables, edgeEmbeddings: [5, 6] }],
      [workspace().data, tables],
      [ogbData, { inputs: 9 }, 'embedded'],
    ];
    for (const given of refused) await assert.rejects(loadCleanData(...given), FeatureMismatchError);
    assert.equal((await loadCleanData(ogbData, { inputs: 9 })).features, 'attributes');
  });
});
