import assert from 'node:assert/strict';
import { evidenceText } from '../../../server/src/report/evidenceText';
import { evidence } from '../../support/reports';

describe('evidenceText', () => {
  it('says what was measured, with intervals', () => {
    const text = evidenceText(evidence);
    for (const part of [
      'Suspicion 0.94, above 95% of clean reference models.',
      'toward class 1: 97% (91-99%), 45 graphs that were not used to find the trigger',
      'Toward each class: 0: 12% (5-25%), 1: 97% (91-99%).',
      'Trigger found: 3-node path',
      'Signals: rho 1.250, gain 2.500, excess -0.750.',
    ]) {
      assert.ok(text.includes(part), `${part}\nis missing from\n${text}`);
    }
    assert.doesNotMatch(text, /made-up/);
  });

  it('shows for each layer how attention is spread, and which nodes of which graphs show it', () => {
    const lines = evidenceText(evidence).split('\n');
    const head = lines.findIndex((line) => line.startsWith('layer '));
    assert.deepEqual(lines[head + 2].trim().split(/\s+/), ['1', '20%', '61%', '0.30', '0.70', '0.90', '0.50']);
    assert.equal(lines[head + 3], 'Layer 1, most in graph 12 (node 4: 20% to 80%).');
  });

  it('says that graphs were made up, and names none that nobody can look at', () => {
    const text = evidenceText({ ...evidence, syntheticGraphs: 60 });
    assert.match(text, /^Measured on 60 made-up graphs in place of/);
    assert.match(text, /\nlayer .*\n/);
    assert.doesNotMatch(text, /graph 12/);
  });

  it('says how often such scans miss a backdoor', () => {
    const measured = {
      scans: 'GIN with 128 clean graphs',
      backdoored: { models: 158, errors: 137, findings: 145 },
      clean: { models: 161, errors: 7, findings: 17 },
    };
    assert.match(
      evidenceText({ ...evidence, measured }),
      /145 of 158 backdoored models, so that they missed 13, .*\.$/m,
    );
  });

  it('never rounds a share of models up to all of them', () => {
    const above = (share: number): string => evidenceText({ ...evidence, abovePercentOfClean: share });
    assert.match(above(0.996), /above 99% of clean reference models\./);
    assert.match(above(1), /above all clean reference models\./);
  });

  it('leaves attention out where none was measured', () => {
    assert.doesNotMatch(evidenceText({ ...evidence, attention: [] }), /attention/);
  });
});
