import assert from 'node:assert/strict';
import fc from 'fast-check';
import { graphBeside, isSameComparison, placeQuery, readPlace } from '../../../../client/attention/attentionPlace';

const comparison = { beforeUri: 'file:///w/a.pt', afterUri: 'file:///w/b.pt', dataUri: 'file:///w/data' };

describe('the address of an attention document', () => {
  it('is read back as it was written', () => {
    const place = { comparison, graph: 17, view: 'triggered' } as const;
    assert.deepEqual(readPlace(placeQuery(place, 'after')), { ...place, side: 'after' });
    const alone = {
      comparison: { beforeUri: 'a', dataUri: 'b', features: 'degree' },
      graph: 0,
      view: 'clean',
    } as const;
    assert.deepEqual(readPlace(placeQuery(alone, 'before')), { ...alone, side: 'before' });
  });

  it('is refused where it is anything else', () => {
    const good = JSON.parse(placeQuery({ comparison, graph: 1, view: 'clean' }, 'before')) as object;
    for (const wrong of [
      { graph: '1' },
      { view: 'x' },
      { side: 'x' },
      { beforeUri: 1 },
      { afterUri: 1 },
      { features: 'x' },
    ]) {
      assert.equal(readPlace(JSON.stringify({ ...good, ...wrong })), undefined, JSON.stringify(wrong));
    }
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (query) => readPlace(query) === undefined));
  });
});

describe('isSameComparison', () => {
  it('looks at all that a comparison is', () => {
    assert.ok(isSameComparison(comparison, { ...comparison }));
    assert.ok(!isSameComparison(comparison, { ...comparison, afterUri: undefined }));
    assert.ok(!isSameComparison(comparison, { ...comparison, features: 'degree' }));
  });
});

describe('graphBeside', () => {
  it('goes down and up the list, and on at its other end', () => {
    const ranked = [5, 9, 2];
    assert.deepEqual(
      [5, 9, 2].map((graph) => [graphBeside(ranked, graph, 1), graphBeside(ranked, graph, -1)]),
      [
        [9, 2],
        [2, 5],
        [5, 9],
      ],
    );
  });

  it('begins with the first where a graph is not in the list', () => {
    assert.equal(graphBeside([5, 9], 7, 1), 5);
    assert.equal(graphBeside([], 7, 1), undefined);
  });
});
