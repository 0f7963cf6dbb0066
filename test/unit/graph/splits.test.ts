import assert from 'node:assert/strict';
import fc from 'fast-check';
import { makeSplits, SplitError } from '../../../server/src/graph/splits';

const classes = (...counts: number[]): number[] => counts.flatMap((count, c) => new Array<number>(count).fill(c));
const everyId = (count: number): number[] => Array.from({ length: count }, (_, id) => id);
const ofClass = (labels: readonly number[], ids: readonly number[], c: number): number =>
  ids.filter((id) => labels[id] === c).length;

describe('makeSplits', () => {
  it('trains on 80% and tests on the rest', () => {
    const { train, test } = makeSplits(classes(600, 513), { seed: 0 });
    assert.equal(train.length, 890);
    assert.deepEqual(
      [...train, ...test].sort((a, b) => a - b),
      everyId(1113),
    );
  });

  it('takes ceil(rate * train) clean graphs, stratified', () => {
    const labels = classes(400, 1600);
    const { train, clean } = makeSplits(labels, { seed: 3 });
    assert.equal(clean.length, 48);
    const expected = (48 * ofClass(labels, train, 0)) / train.length;
    assert.ok(Math.abs(ofClass(labels, clean, 0) - expected) < 1);
    assert.ok(clean.every((id) => train.includes(id)));
  });

  it('does not round an exact share up', () => {
    // 0.07 * 100 is 7.000000000000001 in floating point.
    assert.equal(makeSplits(classes(125), { seed: 0, holdingRate: 0.07 }).clean.length, 7);
  });

  it('repeats itself, and changes with the seed', () => {
    const labels = classes(50, 50);
    assert.deepEqual(makeSplits(labels, { seed: 1 }), makeSplits(labels, { seed: 1 }));
    assert.notDeepEqual(makeSplits(labels, { seed: 1 }).test, makeSplits(labels, { seed: 2 }).test);
    assert.notDeepEqual(makeSplits(labels, { seed: 1 }).clean, makeSplits(labels, { seed: 2 }).clean);
  });

  it('leaves no class out where each can have a graph', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        fc.nat(1000),
        (counts, holdingRate, seed) => {
          const labels = classes(...counts);
          const { train, clean } = makeSplits(labels, { seed, holdingRate });
          const present = new Set(train.map((id) => labels[id]));
          assert.equal(clean.length, Math.max(1, Math.ceil(holdingRate * train.length - 1e-9)));
          assert.equal(new Set(clean).size, clean.length);
          if (clean.length >= present.size) assert.equal(new Set(clean.map((id) => labels[id])).size, present.size);
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });

  it('takes the given test and clean graphs', () => {
    const given = makeSplits(classes(5, 5), { seed: 0, testIds: [9, 0], cleanIds: [3, 1] });
    assert.deepEqual(given, { train: [1, 2, 3, 4, 5, 6, 7, 8], test: [0, 9], clean: [1, 3] });
  });

  it('never tests on a given clean graph', () => {
    const cleanIds = everyId(20);
    const { train, test, clean } = makeSplits(classes(50, 50), { seed: 0, cleanIds });
    assert.deepEqual(clean, cleanIds);
    assert.ok(clean.every((id) => train.includes(id) && !test.includes(id)));
  });

  it('names the ids that cannot be', () => {
    const attempt = (options: object): unknown => {
      try {
        return makeSplits(classes(5, 5), { seed: 0, ...options });
      } catch (error) {
        return error;
      }
    };
    const expectIds = (options: object, ids: number[], message: RegExp): void => {
      const error = attempt(options);
      assert.ok(error instanceof SplitError);
      assert.deepEqual(error.ids, ids);
      assert.match(error.message, message);
    };
    expectIds({ cleanIds: [1, 10, -1, 0.5] }, [10, -1, 0.5], /clean graphs: 10, -1, 0.5 are not in the data set/);
    expectIds({ testIds: [4, 4] }, [4], /test graphs: 4 is named twice/);
    expectIds({ testIds: [4, 5], cleanIds: [5] }, [5], /5 is both clean and test graphs/);
    expectIds({ cleanIds: [] }, [], /no clean graphs are named/);
    expectIds({ cleanIds: [9, 99], dataset: 'data/DHFR' }, [99], /^data\/DHFR: clean graphs: 99 is not in/);
    expectIds({ holdingRate: 0 }, [], /holding rate/);
    expectIds({ holdingRate: NaN }, [], /holding rate/);
    expectIds({ testIds: everyId(10) }, [], /no training graph/);
  });
});
