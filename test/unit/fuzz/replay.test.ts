/** Inputs that fuzzing kept because they reach what others do not, and those that showed a defect once. */

import assert from 'node:assert/strict';
import { inputName, runGuarded } from '../../fuzz/engine/guard';
import { readCorpus, readRegressions } from '../../fuzz/engine/store';
import { targets } from '../../fuzz/targets';

describe('fuzzing', () => {
  for (const [name, target] of Object.entries(targets)) {
    it(`finds nothing wrong with samples and corpus: ${target.title}`, () => {
      for (const input of [...target.seeds(), ...readCorpus(name)]) {
        const { defect } = runGuarded(target, input);
        assert.ok(defect === undefined, `input ${inputName(input)}: ${defect?.text}`);
      }
    });

    for (const { name: defect, input } of readRegressions(name)) {
      it(`stays mended: ${target.title}, ${defect.replace(/-/g, ' ')}`, () => {
        assert.equal(runGuarded(target, input).defect?.text, undefined);
      });
    }
  }
});
