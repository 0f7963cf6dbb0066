import assert from 'node:assert/strict';
import { failureAdvice } from '../../../server/src/defense/failureAdvice';

const before = { acc: 0.98, asr: 0.97, flipAsr: 0.97 };

describe('failureAdvice', () => {
  it('says nothing where nothing failed', () => {
    assert.deepEqual(failureAdvice({ before, after: { acc: 0.97, flipAsr: 0.01 }, cleanGraphs: 8 }), []);
  });

  it('tells a teacher that kept the backdoor from a purification that was too aggressive', () => {
    const [kept, ...none] = failureAdvice({ before, after: { acc: 0.97, flipAsr: 0.6 }, cleanGraphs: 60 });
    assert.match(kept, /still succeeds on 60%.*teacher/);
    assert.equal(none.length, 0);
    const [lost] = failureAdvice({ before, after: { acc: 0.8, flipAsr: 0.01 }, cleanGraphs: 60 });
    assert.match(lost, /fell by 18\.0 points.*too aggressive/);
  });

  it('asks for no more than a model that was never poisoned does', () => {
    const measured = { before, after: { acc: 0.97, flipAsr: 0.35 }, cleanGraphs: 60 };
    assert.equal(failureAdvice({ ...measured, floor: 0.3 }).length, 1);
    assert.deepEqual(failureAdvice({ ...measured, floor: 0.4 }), []);
  });

  it('does not offer a model that failed on both counts', () => {
    const [both] = failureAdvice({ before, after: { acc: 0.8, flipAsr: 0.6 }, cleanGraphs: 60 });
    assert.match(both, /Do not use/);
  });

  it('names the number of clean graphs where they are few and something failed', () => {
    const advice = failureAdvice({ before, after: { acc: 0.8, flipAsr: 0.01 }, cleanGraphs: 18 });
    assert.equal(advice.length, 2);
    assert.match(advice[1], /Only 18 clean graphs/);
  });
});
