import assert from 'node:assert/strict';
import { purificationVerdict } from '../../../server/src/jobs/purificationVerdict';
import { evidence } from '../../support/reports';

describe('purificationVerdict', () => {
  const before = { acc: 0.979, asr: 0.97, flipAsr: 0.96 };
  const after = { acc: 0.975, asr: 0.02, flipAsr: 0.01 };
  const likely = { kind: 'likely', evidence } as const;
  const noSign = { kind: 'no-sign', evidence } as const;

  it('says what was removed, and what it cost', () => {
    assert.deepEqual(purificationVerdict(likely, noSign, [], before, after), {
      kind: 'removed',
      text: 'backdoor removed: estimated ASR 97% -> 2%, accuracy on held-back clean graphs 97.9% -> 97.5%.',
    });
    assert.match(purificationVerdict(likely, noSign, ['GN302'], before, after).text, /at a high price/);
  });

  it('names the floor beside the figures where one was measured', () => {
    const { kind, text } = purificationVerdict(likely, noSign, [], before, { ...after, flipAsr: 0.3 }, 0.35);
    assert.equal(kind, 'removed');
    assert.match(text, /97\.9% -> 97\.5%; the trigger flips 35% with a model that was never poisoned\.$/);
  });

  it('says when the trigger still works', () => {
    const verdict = purificationVerdict(likely, noSign, ['GN301'], before, { ...after, flipAsr: 0.6 });
    assert.equal(verdict.kind, 'still-suspicious');
    assert.match(verdict.text, /^backdoor not removed: the trigger still flips 60%/);
  });

  it('believes a fresh scan that still finds something', () => {
    const verdict = purificationVerdict(likely, likely, [], before, after);
    assert.equal(verdict.kind, 'still-suspicious');
    assert.match(verdict.text, /^a fresh scan of the purified model still finds it suspicious/);
  });

  it('does not keep back that the purified model could not be scanned', () => {
    const unassessed = { kind: 'not-assessed', reason: 'it puts all graphs into one class' } as const;
    for (const suspect of [likely, noSign]) {
      assert.match(
        purificationVerdict(suspect, unassessed, [], before, after).text,
        /, though a fresh scan could not assess the purified model \(it puts all graphs into one class\): estimated ASR/,
      );
    }
  });

  it('calls nothing better that is not', () => {
    assert.match(purificationVerdict(noSign, noSign, [], before, after).text, /one resists small triggers better: /);
    assert.match(purificationVerdict(noSign, noSign, [], after, after).text, /does not resist small triggers better: /);
  });

  it('claims no backdoor where none was found or looked for', () => {
    const unseen = purificationVerdict(noSign, noSign, [], before, after);
    assert.equal(unseen.kind, 'no-backdoor-found');
    assert.match(unseen.text, /showed no sign of a backdoor/);
    const unassessed = purificationVerdict({ kind: 'not-assessed', reason: 'few graphs' }, noSign, [], before, after);
    assert.match(unassessed.text, /was not assessed \(few graphs\)/);
  });
});
