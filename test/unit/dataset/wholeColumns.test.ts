import assert from 'node:assert/strict';
import type { Dataset } from '../../../server/src/dataset/dataset';
import {
  canBeEmbedded,
  embeddingMisfit,
  embedsAlike,
  places,
  wholeColumns,
} from '../../../server/src/dataset/wholeColumns';

function datasetOf(attributes: readonly number[], edgeAttributes?: readonly number[]): Dataset {
  const graph = {
    ...{ nodeCount: 2, edges: Int32Array.of(0, 1), nodeLabels: new Int32Array(0), classLabel: 0 },
    attributes: Float32Array.from(attributes),
    ...(edgeAttributes && { edgeAttributes: Float32Array.from(edgeAttributes) }),
  };
  return {
    ...{ name: 'X', rawGraphs: [graph], classNames: ['0'], distinctNodeLabels: [], hash: '' },
    attributeWidth: attributes.length / 2,
    ...(edgeAttributes && { edgeAttributeWidth: edgeAttributes.length }),
  };
}

describe('wholeColumns', () => {
  it('tells how large tables must be', () => {
    assert.deepEqual(wholeColumns(datasetOf([3, 0, 1, 4], [2, 0, 5])), { nodes: [4, 5], edges: [3, 1, 6] });
    assert.deepEqual(wholeColumns(datasetOf([3, 0, 1, 4])), { nodes: [4, 5] });
    assert.deepEqual(wholeColumns(datasetOf([])), {});
  });

  it('leaves out what are no places in a table', () => {
    for (const value of [-1, 0.5, 1e6, Infinity, NaN]) assert.equal(places([[0, value]], 1), undefined, `${value}`);
    assert.deepEqual(places([[0, 999_999]], 1), [1_000_000]);
    assert.deepEqual(wholeColumns(datasetOf([0.5, 1], [1])), { edges: [2] });
  });
});

describe('embedsAlike', () => {
  it('tells models apart that take other tables, or none', () => {
    const model = { inputs: 2, embeddings: [4, 5], edgeEmbeddings: [3] };
    assert.ok(embedsAlike(model, { ...model, inputs: 3 }) && embedsAlike({ inputs: 2 }, { inputs: 2 }));
    assert.ok(!embedsAlike(model, { ...model, edgeEmbeddings: [4] }));
    assert.ok(!embedsAlike(model, { inputs: 2 }));
  });
});

describe('canBeEmbedded', () => {
  const model = { inputs: 2, embeddings: [4, 5], edgeEmbeddings: [3] };

  it('needs a table with enough places for each column', () => {
    assert.ok(canBeEmbedded({ nodes: [4, 2], edges: [3] }, model));
    assert.ok(!canBeEmbedded({ nodes: [5, 2], edges: [3] }, model));
    assert.ok(!canBeEmbedded({ nodes: [4, 2], edges: [4] }, model));
    assert.ok(!canBeEmbedded({ nodes: [4], edges: [3] }, model));
    assert.ok(!canBeEmbedded({ nodes: [4, 2] }, model));
    assert.ok(!canBeEmbedded({}, model));
  });

  it('needs no features of edges where the model takes none', () => {
    assert.ok(canBeEmbedded({ nodes: [4, 2] }, { inputs: 2, embeddings: [4, 5] }));
  });

  it('says what does not fit', () => {
    assert.equal(
      embeddingMisfit('X', { nodes: [9, 1] }, model),
      'the model embeds of a node 2 whole numbers below 4, 5 and of an edge 1 whole number below 3; ' +
        'X gives of nodes 2 whole numbers below 9, 1 and no whole numbers of edges',
    );
    assert.match(embeddingMisfit('X', {}, { inputs: 2 }), /^the model embeds no numbers/);
    assert.match(
      embeddingMisfit('X', { nodes: [1, 1], edgeProblem: 'X_edge_labels.txt: 1 lines for 2 edges' }, model),
      /no whole numbers of edges \(X_edge_labels\.txt: 1 lines for 2 edges\)$/,
    );
  });
});
