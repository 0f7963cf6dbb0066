import assert from 'node:assert/strict';
import { modelKinds } from '../../../protocol/model';
import { ArchitectureChoiceError, newArchitecture } from '../../../server/src/jobs/newArchitecture';

describe('newArchitecture', () => {
  const data = { inputs: 7, classes: 2 };

  it('takes its ends from the data and the rest from the choice', () => {
    const size = { layers: 3, hidden: 64, ...data, readout: 'sum', batchNorm: true };
    assert.deepEqual(newArchitecture({}, data), { kind: 'gin', ...size, eps: [0, 0, 0] });
    const small = newArchitecture({ kind: 'gat', layers: 1, hidden: 8, heads: 2, batchNorm: false }, data);
    assert.deepEqual(small, { kind: 'gat', ...size, layers: 1, hidden: 8, heads: 2, batchNorm: false });
    for (const kind of modelKinds) {
      const { eps, heads } = newArchitecture({ kind }, data);
      assert.equal(eps !== undefined, kind === 'gin');
      assert.equal(heads, kind.startsWith('gat') ? 4 : undefined);
    }
  });

  it('refuses heads that a model cannot have', () => {
    for (const [choice, reason] of [
      [{ heads: 2 }, /only gat and gatv2 .* gin has none/],
      [{ kind: 'sage', heads: 1 }, /sage has none/],
      [{ kind: 'gat', hidden: 10 }, /4 of them do not divide 10/],
      [{ kind: 'gatv2', hidden: 8, heads: 3 }, /3 of them do not divide 8/],
    ] as const) {
      assert.throws(() => newArchitecture(choice, data), (error) => {
        assert.ok(error instanceof ArchitectureChoiceError);
        assert.equal(error.part, 'heads');
        assert.match(error.reason, reason);
        return true;
      }); // prettier-ignore
    }
  });
});
