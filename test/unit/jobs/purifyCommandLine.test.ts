import assert from 'node:assert/strict';
import { purifyCommandLine } from '../../../server/src/jobs/purifyCommandLine';

describe('purifyCommandLine', () => {
  it('repeats what was asked for, quoted where a shell needs it', () => {
    const line = purifyCommandLine(
      {
        kind: 'purify',
        model: "/a b/it's.pt",
        data: '/data/X',
        output: '/out.pt',
        holdingRate: 0.05,
        idFiles: { clean: '/ids/clean.json' },
        seed: 7,
        architecture: { readout: 'mean' },
        method: 'finetune',
      },
      'labels',
    );
    assert.equal(
      line,
      "graphnad purify '/a b/it'\\''s.pt' --data /data/X --features labels --holding-rate 0.05 " +
        '--clean-ids /ids/clean.json --readout mean --method finetune --seed 7 --out /out.pt',
    );
  });
});
