import assert from 'node:assert/strict';
import { CleanSetError, requireCleanSet } from '../../../server/src/defense/cleanSet';
import { graphOf } from '../../support/graphs';

const ofClasses = (...classLabels: number[]): ReturnType<typeof graphOf>[] =>
  classLabels.map((classLabel) => graphOf(2, { classLabel }));

describe('requireCleanSet', () => {
  it('counts the graphs of each class', () => {
    assert.deepEqual(requireCleanSet(ofClasses(0, 1, 1, 0, 1), 2), [2, 3]);
  });

  for (const { name, classLabels, counts } of [
    { name: 'too few graphs', classLabels: [0, 1, 1], counts: [1, 2] },
    { name: 'no graphs', classLabels: [], counts: [0, 0] },
    { name: 'a class without graphs', classLabels: [1, 1, 1, 1, 1], counts: [0, 5] },
  ]) {
    it(`refuses ${name} and names the counts`, () => {
      assert.throws(
        () => requireCleanSet(ofClasses(...classLabels), 2),
        (error) => {
          assert.ok(error instanceof CleanSetError);
          assert.deepEqual(error.countsByClass, counts);
          assert.match(error.message, new RegExp(`${counts[0]} of class 0, ${counts[1]} of class 1`));
          return true;
        },
      );
    });
  }

  it('refuses a class that the model does not have', () => {
    assert.throws(() => requireCleanSet(ofClasses(0, 1, 2, 0), 2), /class 2, but the model knows 2/);
  });
});
