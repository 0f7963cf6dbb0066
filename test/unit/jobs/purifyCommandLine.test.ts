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
  it('has the settings of the method, unless a file that is named has them', () => {
    const task = {
      kind: 'purify',
      model: '/m.pt',
      data: '/d',
      output: '/o.pt',
      options: { teacherRounds: 16 },
    } as const;
    assert.match(purifyCommandLine(task, 'labels'), / --options '\{"teacherRounds":16\}' /);
    const repeats = { file: '/r.json', config: { options: task.options }, bound: [] };
    assert.doesNotMatch(purifyCommandLine({ ...task, repeats }, 'labels'), /--options/);
    assert.doesNotMatch(purifyCommandLine({ ...task, options: {} }, 'labels'), /--options/);
  });
});
