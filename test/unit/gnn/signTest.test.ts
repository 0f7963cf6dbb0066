import assert from 'node:assert/strict';
import { canBeBeaten, clearlyBetter, count, shareText } from '../../../server/src/gnn/signTest';

/** So many right, then so many wrong. */
function hits(right: number, wrong: number): boolean[] {
  return Array.from({ length: right + wrong }, (_, i) => i < right);
}

describe('clearlyBetter', () => {
  it('wants more than chance would bring: 6 to 0 does at 5%, 5 to 0 does not', () => {
    assert.ok(clearlyBetter(hits(10, 0), hits(4, 6)));
    assert.ok(!clearlyBetter(hits(10, 0), hits(5, 5)));
    assert.ok(!clearlyBetter(hits(4, 6), hits(10, 0)));
    assert.ok(!clearlyBetter(hits(10, 0), hits(4, 6), 0.01));
  });

  it('counts what only one gets right', () => {
    const a = [...hits(8, 0), ...hits(0, 2), ...hits(20, 0)];
    const b = [...hits(0, 8), ...hits(2, 0), ...hits(20, 0)];
    // 8 against 2: two-sided probability 0.109.
    assert.ok(!clearlyBetter(a, b));
    assert.ok(clearlyBetter(a, b, 0.11));
  });
});

describe('canBeBeaten', () => {
  it('is true where something that gets all right would be clearly better', () => {
    for (const wrong of [0, 3, 5, 6, 9]) {
      assert.equal(canBeBeaten(hits(20, wrong), 0.05), clearlyBetter(hits(20 + wrong, 0), hits(20, wrong)), `${wrong}`);
    }
  });
});

describe('shareText', () => {
  it('is a percentage', () => {
    assert.equal(shareText(hits(2, 1)), '66.7%');
    assert.equal(count(hits(2, 1)), 2);
  });
});
