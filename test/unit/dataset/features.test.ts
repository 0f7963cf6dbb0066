import assert from 'node:assert/strict';
import type { Dataset } from '../../../server/src/dataset/dataset';
import {
  encodeDataset,
  FeatureMismatchError,
  featureWidths,
  fittingFeatureKinds,
  kindsFor,
} from '../../../server/src/dataset/features';
import { loadDataset } from '../../../server/src/dataset/loadDataset';
import { wholeColumns } from '../../../server/src/dataset/wholeColumns';
import { sharedOrSkip } from '../../support/shared';

/** A star of three leaves; labels 2, 4, 7, so that the two label encodings differ. */
const star: Dataset = {
  name: 'STAR',
  rawGraphs: [
    {
      nodeCount: 4,
      edges: Int32Array.of(0, 1, 0, 2, 0, 3),
      nodeLabels: Int32Array.of(4, 2, 7, 2),
      attributes: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
      classLabel: 1,
    },
  ],
  classNames: ['a', 'b'],
  distinctNodeLabels: [2, 4, 7],
  attributeWidth: 2,
  hash: '',
};
const bare: Dataset = { ...star, name: 'BARE', distinctNodeLabels: [], attributeWidth: 0 };

describe('encodeDataset', () => {
  it('makes label columns by distance from the smallest label', () => {
    const { graphs, layout } = encodeDataset(star, 'labels');
    assert.deepEqual(layout, { kind: 'labels', width: 6, attributeWidth: 0, labelColumns: 6 });
    assert.deepEqual([...graphs[0].nodeLabels], [2, 0, 5, 0]);
    assert.equal(graphs[0].attributes.length, 0);
    assert.equal(graphs[0].classLabel, 1);
  });

  it('makes dense label columns by rank', () => {
    const { graphs, layout } = encodeDataset(star, 'labels-dense');
    assert.deepEqual(layout, { kind: 'labels-dense', width: 3, attributeWidth: 0, labelColumns: 3 });
    assert.deepEqual([...graphs[0].nodeLabels], [1, 0, 2, 0]);
  });

  it('puts attributes beside labels', () => {
    const { graphs, layout } = encodeDataset(star, 'labels+attributes');
    assert.deepEqual(layout, { kind: 'labels+attributes', width: 8, attributeWidth: 2, labelColumns: 6 });
    assert.deepEqual([...graphs[0].nodeLabels], [2, 0, 5, 0]);
    assert.deepEqual([...graphs[0].attributes], [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('takes attributes, degrees and constants alone', () => {
    const widths = (kind: 'attributes' | 'degree' | 'constant', inputs?: number): unknown => {
      const { graphs, layout } = encodeDataset(star, kind, inputs);
      return [layout.width, layout.attributeWidth, layout.labelColumns, graphs[0].nodeLabels.length];
    };
    assert.deepEqual(widths('attributes'), [2, 2, 0, 0]);
    assert.deepEqual(widths('degree'), [4, 0, 0, 0]);
    assert.deepEqual(widths('constant'), [1, 0, 0, 0]);
    assert.deepEqual(widths('degree', 11), [11, 0, 0, 0]);
    assert.deepEqual(widths('constant', 5), [5, 0, 0, 0]);
  });

  it('refuses what the data set does not hold', () => {
    assert.throws(
      () => encodeDataset(bare, 'labels'),
      (error) =>
        error instanceof FeatureMismatchError &&
        error.message === 'BARE has nothing to make the features "labels" from; it gives degree 4, constant 1',
    );
    assert.throws(() => encodeDataset(bare, 'labels+attributes'), FeatureMismatchError);
    assert.throws(() => encodeDataset(bare, 'attributes'), FeatureMismatchError);
  });

  it('refuses a width that the model does not take', () => {
    assert.throws(
      () => encodeDataset(star, 'labels', 38),
      (error) =>
        error instanceof FeatureMismatchError &&
        error.inputs === 38 &&
        error.dataset === 'STAR' &&
        error.widths.labels === 6 &&
        error.message ===
          'the model takes 38 features per node; STAR gives labels 6, labels-dense 3, labels+attributes 8, attributes 2, degree 4, constant 1',
    );
  });
});

describe('features for models that embed', () => {
  it('are the attributes as whole numbers', () => {
    const { graphs, layout } = encodeDataset(star, 'embedded', 2);
    assert.deepEqual([layout.kind, layout.width, layout.labelColumns], ['embedded', 2, 4]);
    assert.deepEqual([...(layout.rows ?? [])], [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual([...graphs[0].nodeLabels], [0, 1, 2, 3]);
    assert.throws(() => encodeDataset(star, 'embedded', 3), FeatureMismatchError);
    assert.throws(() => encodeDataset(bare, 'embedded'), FeatureMismatchError);
  });

  it('are the only ones that fit these models, and fit no others', () => {
    const [widths, columns] = [featureWidths(star), wholeColumns(star)];
    assert.deepEqual(kindsFor(widths, columns, { inputs: 2, embeddings: [7, 8] }), ['embedded']);
    assert.deepEqual(kindsFor(widths, columns, { inputs: 2, embeddings: [7, 7] }), []);
    assert.deepEqual(kindsFor(widths, columns, { inputs: 2, embeddings: [7, 8], edgeEmbeddings: [2] }), []);
    assert.deepEqual(kindsFor(widths, columns, { inputs: 2 }), ['attributes']);
  });
});

describe('fittingFeatureKinds', () => {
  it('finds the kinds of that width, the most usual first', () => {
    assert.deepEqual(fittingFeatureKinds(star, 6), ['labels']);
    assert.deepEqual(fittingFeatureKinds(star, 3), ['labels-dense']);
    assert.deepEqual(fittingFeatureKinds(star, 8), ['labels+attributes']);
    assert.deepEqual(fittingFeatureKinds(star, 4), ['degree']);
    assert.deepEqual(fittingFeatureKinds(star, 1), ['constant']);
    assert.deepEqual(fittingFeatureKinds(star, 9), []);
  });

  it('lists one of two label encodings that are the same', () => {
    const dense: Dataset = { ...star, distinctNodeLabels: [5, 6] };
    assert.deepEqual(fittingFeatureKinds(dense, 2), ['labels', 'attributes']);
  });

  const published = [
    { name: 'AIDS', inputs: 38, kinds: ['labels'] },
    { name: 'PROTEINS', inputs: 3, kinds: ['labels'] },
    { name: 'DHFR', inputs: 9, kinds: ['labels-dense'] },
    { name: 'NCI1', inputs: 37, kinds: ['labels'] },
  ];
  for (const { name, inputs, kinds } of published) {
    it(`finds the features of models of ${name}`, async function () {
      const dataset = await loadDataset(sharedOrSkip(this, 'data', 'tu', name));
      assert.deepEqual(fittingFeatureKinds(dataset, inputs), kinds);
    });
  }
});
