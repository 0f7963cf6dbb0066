import assert from 'node:assert/strict';
import { exampleReadme } from '../../../server/src/jobs/exampleReadme';

describe('exampleReadme', () => {
  it('says what lies where, what was measured, and how to go on', () => {
    const text = exampleReadme({
      seed: 7,
      data: 'MADE',
      target: 1,
      trigger: 'a single node',
      clean: { acc: 0.95, asr: 0.1 },
      backdoored: { acc: 0.94, asr: 0.987 },
    });
    for (const part of [
      'seed 7',
      'planted, a single node,',
      '`data/MADE`',
      '`models/backdoored.trigger.json`',
      '| clean | 95% | 10% |',
      '| backdoored | 94% | 99% |',
      'graphnad scan models --data data/MADE --seed 7',
      'graphnad purify models/backdoored.pt --data data/MADE --trigger models/backdoored.trigger.json --seed 7',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });
});
