import assert from 'node:assert/strict';
import fc from 'fast-check';
import { collate, type GraphBatch } from '../../../server/src/graph/batch';
import { foldingOf, unfolded, type NodeClasses } from '../../../server/src/graph/fold';
import type { FeatureLayout } from '../../../server/src/graph/graph';
import { Rng } from '../../../server/src/graph/rng';
import { arbitraryGraph, graphOf } from '../../support/graphs';
import { arbitraryLayout } from '../../support/layouts';

const labels: FeatureLayout = { kind: 'labels', width: 5, attributeWidth: 0, labelColumns: 5 };
const constant: FeatureLayout = { kind: 'constant', width: 1, attributeWidth: 0, labelColumns: 0 };

/** Colour refinement by the book, with the whole history of a node spelled out as its colour. */
function coloursByTheBook(batch: GraphBatch, depth: number, byDegree: boolean): string[] {
  const { width } = batch.layout;
  let colours = Array.from({ length: batch.nodeCount }, (_, v) => {
    const features = [...batch.features.subarray(v * width, (v + 1) * width)].join();
    return byDegree ? `${features};${batch.degrees[v]}` : features;
  });
  for (let round = 0; round < depth; round++) {
    const numbers = new Map([...new Set(colours)].sort().map((colour, i) => [colour, i]));
    const short = colours.map((colour) => numbers.get(colour) ?? -1);
    colours = short.map((own, v) => {
      const others = Array.from(batch.columns.subarray(batch.rowOffsets[v], batch.rowOffsets[v + 1]), (u) => short[u]);
      return `${own}|${others.sort((a, b) => a - b).join()}`;
    });
  }
  return colours;
}

/** Classes numbered by their first node. */
function numbered(colours: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return colours.map((colour) => {
    const number = numbers.get(colour) ?? numbers.size;
    numbers.set(colour, number);
    return number;
  });
}

function assertConsistent({ count, classOf, representatives, multiplicity }: NodeClasses): void {
  assert.equal(representatives.length, count);
  assert.equal(multiplicity.length, count);
  const counted = new Float32Array(count);
  for (const c of classOf) counted[c]++;
  assert.deepEqual(multiplicity, counted);
  representatives.forEach((v, c) => assert.equal(classOf.indexOf(c), v));
}

describe('foldingOf', () => {
  it('has the classes of colour refinement at every level, for any graphs and features', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryGraph, { minLength: 1, maxLength: 6 }),
        arbitraryLayout,
        fc.boolean(),
        (graphs, layout, byDegree) => {
          const batch = collate([...graphs, ...graphs.slice(0, 2)], layout);
          const folding = foldingOf(batch, { byDegree });
          for (let depth = 0; depth < 5; depth++) {
            const classes = folding.level(depth);
            assert.deepEqual([...classes.classOf], numbered(coloursByTheBook(batch, depth, byDegree)));
            assertConsistent(classes);
          }
        },
      ),
      { seed: 6, numRuns: 150 },
    );
  });

  it('tells the ends of a path from its middle after one round, and the nodes beside the ends after two', () => {
    const path = graphOf(7, { edges: [0, 1, 2, 3, 4, 5].map((v) => [v, v + 1] as const) });
    const folding = foldingOf(collate([path, path], constant));
    const levels = [0, 1, 2, 3, 4].map((depth) => [...folding.level(depth).classOf.subarray(7)]);
    assert.deepEqual(levels, [
      [0, 0, 0, 0, 0, 0, 0],
      [0, 1, 1, 1, 1, 1, 0],
      [0, 1, 2, 2, 2, 1, 0],
      [0, 1, 2, 3, 2, 1, 0],
      [0, 1, 2, 3, 2, 1, 0],
    ]);
    assert.deepEqual([...folding.level(3).multiplicity], [4, 4, 4, 2]);
  });

  it('cannot tell what message passing cannot tell: a ring of six from two rings of three', () => {
    const ring = (nodes: readonly number[]): [number, number][] =>
      nodes.map((v, i) => [v, nodes[(i + 1) % nodes.length]]);
    const six = graphOf(6, { edges: ring([0, 1, 2, 3, 4, 5]) });
    const threes = graphOf(6, { edges: [...ring([0, 1, 2]), ...ring([3, 4, 5])] });
    assert.equal(foldingOf(collate([six, threes], constant)).level(9).count, 1);
  });

  it('takes graphs without edges, and of a single node', () => {
    const batch = collate([graphOf(1, { labels: [2] }), graphOf(3, { labels: [2, 0, 2] })], labels);
    assert.deepEqual([...foldingOf(batch).level(3).classOf], [0, 0, 1, 0]);
  });

  it('starts from the degrees too where wanted', () => {
    const path = graphOf(3, {
      edges: [
        [0, 1],
        [1, 2],
      ],
    });
    const batch = collate([path], constant);
    assert.deepEqual([...foldingOf(batch).level(0).classOf], [0, 0, 0]);
    assert.deepEqual([...foldingOf(batch, { byDegree: true }).level(0).classOf], [0, 1, 0]);
  });

  it('tells nodes apart by the labels of their edges', () => {
    const layout: FeatureLayout = { ...constant, edgeRows: { width: 1, values: Float32Array.of(0, 1, 2) } };
    const edges = [[0, 1], [1, 2], [2, 3], [0, 3]] as const; // prettier-ignore
    const square = (edgeLabels: number[]): GraphBatch =>
      collate([{ ...graphOf(4, { edges }), edgeLabels: Int32Array.from(edgeLabels) }], layout);
    // Edges are 0-1, 0-3, 1-2, 2-3.
    assert.deepEqual([...foldingOf(square([2, 2, 2, 2])).level(3).classOf], [0, 0, 0, 0]);
    assert.deepEqual([...foldingOf(square([2, 1, 2, 1])).level(1).classOf], [0, 1, 0, 2]);
    assert.deepEqual([...foldingOf(square([1, 0, 0, 0])).level(1).classOf], [0, 0, 1, 1]);
    assertConsistent(foldingOf(square([1, 0, 0, 0])).level(1));
  });

  it('counts neighbours over edges of each label, for any graphs', () => {
    const graphs = fc.array(fc.tuple(arbitraryGraph, fc.nat()), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(graphs, (drawn) => {
        const labelled = drawn.map(([graph, seed]) => {
          const rng = new Rng(seed);
          return { ...graph, edgeLabels: Int32Array.from({ length: graph.edges.length / 2 }, () => rng.integer(3)) };
        });
        const batch = collate(labelled, { ...labels, edgeRows: { width: 1, values: Float32Array.of(0, 1, 2) } });
        const { rowOffsets, columns, edgeLabels = new Int32Array(0) } = batch;
        const folding = foldingOf(batch);
        const before = folding.level(1);
        const said = Array.from({ length: batch.nodeCount }, (_, v) => {
          const around = Array.from({ length: rowOffsets[v + 1] - rowOffsets[v] }, (_, i) => {
            const e = rowOffsets[v] + i;
            return `${edgeLabels[e]} ${before.classOf[columns[e]]}`;
          });
          return `${before.classOf[v]}|${around.sort().join()}`;
        });
        assert.deepEqual([...folding.level(2).classOf], numbered(said));
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('folds a batch once', () => {
    const batch = collate([graphOf(4)], constant);
    assert.equal(foldingOf(batch), foldingOf(batch));
    assert.equal(foldingOf(batch).level(2), foldingOf(batch).level(2));
    assert.notEqual(foldingOf(batch), foldingOf(batch, { byDegree: true }));
  });
});

describe('unfolded', () => {
  it('has every node in a class of its own', () => {
    const classes = unfolded({ nodeCount: 3 }).level(2);
    assert.deepEqual([...classes.classOf], [0, 1, 2]);
    assertConsistent(classes);
  });
});
