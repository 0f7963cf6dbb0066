import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadTrainingData } from '../../../server/src/jobs/trainingData';
import { useTmpFolder } from '../../support/tmpFolder';

describe('loadTrainingData', () => {
  const at = useTmpFolder();
  /** Five edges, each a graph of its own. */
  const write = (files: Record<string, string> = {}): string => {
    mkdirSync(at('FIVE'));
    const nodes = Array.from({ length: 10 }, (_, i) => i);
    const all = {
      A: nodes.map((i) => `${i + 1}, ${(i ^ 1) + 1}`).join('\n'),
      graph_indicator: nodes.map((i) => (i >> 1) + 1).join('\n'),
      graph_labels: '0\n1\n0\n1\n0',
      ...files,
    };
    for (const [name, text] of Object.entries(all)) writeFileSync(at('FIVE', `FIVE_${name}.txt`), `${text}\n`);
    return at('FIVE');
  };
  const attributes = Array.from({ length: 10 }, (_, i) => `${i}.5`).join('\n');

  it('takes labels, else attributes, else degrees', async () => {
    const labels = Array.from({ length: 10 }, (_, i) => i % 3).join('\n');
    const folder = write({ node_labels: labels, node_attributes: attributes });
    assert.equal((await loadTrainingData(folder, 'auto', 0, undefined)).features, 'labels');
    assert.equal((await loadTrainingData(folder, 'labels+attributes', 0, undefined)).layout.width, 4);
  });

  it('takes attributes where there are no labels', async () => {
    const data = await loadTrainingData(write({ node_attributes: attributes }), 'auto', 0, undefined);
    assert.deepEqual([data.features, data.layout.width], ['attributes', 1]);
  });

  it('takes degrees where there is nothing else, and says what it cannot give', async () => {
    const folder = write();
    const data = await loadTrainingData(folder, 'auto', 0, [4]);
    assert.deepEqual([data.features, data.splits.test, data.splits.train.length], ['degree', [4], 4]);
    await assert.rejects(loadTrainingData(folder, 'labels', 0, undefined), { name: 'FeatureMismatchError' });
  });
});
