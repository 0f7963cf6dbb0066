import assert from 'node:assert/strict';
import type { AttentionConcentration, BackdoorEvidence, Estimate } from '../../../protocol/reports';
import { wilsonInterval } from '../../../server/src/attack/metrics';
import { ringEdges } from '../../../server/src/attack/motifs';
import { backdoorFindings, notAssessedFinding, purificationFindings } from '../../../server/src/scan/findings';
import type { Calibration } from '../../../server/src/scan/score';

const ascending = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

const signal = { mean: 0, deviation: 1, weight: 1 };
const reference: Calibration = {
  signals: { rhoAsymmetry: signal, gain: signal, excessAsymmetry: signal },
  intercept: 0,
  clean: {
    suspicion: ascending(40, 0.1, 0.7),
    estimatedAsr: ascending(40, 0.2, 1),
    asrGap: ascending(40, 0, 0.5),
    concentrationRise: ascending(40, 0.9, 1.6),
    giniRise: ascending(40, 0, 0.4),
    entropyFall: ascending(40, -0.1, 0.3),
  },
};

const measuredLayer = (layer: number, clean: number, triggered: number): AttentionConcentration => ({
  ...{ layer, clean, triggered },
  gini: { clean: 0.3, triggered: 0.7 },
  entropy: { clean: 0.9, triggered: 0.5 },
  examples: [
    { graph: 12, nodes: [4], clean: 0.2, triggered: 0.8 },
    { graph: 3, nodes: [1, 7], clean: 0.3, triggered: 0.6 },
  ],
});

function evidence(changes: Partial<BackdoorEvidence>): BackdoorEvidence {
  const high = wilsonInterval(44, 45);
  return {
    suspicion: 0.94,
    abovePercentOfClean: 1,
    target: 1,
    estimatedAsr: high,
    estimatedAsrByClass: [wilsonInterval(40, 45), high],
    trigger: { target: 1, nodes: 4, edges: ringEdges(4), labels: null, placement: 'degree', replace: true },
    attention: [measuredLayer(1, 0.1, 0.12)],
    signals: { gain: Math.log(38), 'rho of class 1': 0.9 },
    ...changes,
  };
}

const likely = (changes: Partial<BackdoorEvidence>, classNames?: string[]): ReturnType<typeof backdoorFindings> =>
  backdoorFindings({ kind: 'likely', evidence: evidence(changes) }, { classNames }, reference);

describe('backdoor findings', () => {
  it('name the class, the score, the comparison and the estimate in one line', () => {
    const [finding, ...others] = likely({}, ['harmless', 'mutagen']);
    assert.deepEqual(others, []);
    assert.equal(finding.code, 'GN201');
    assert.equal(finding.severity, 'error');
    assert.equal(
      finding.message,
      'Likely backdoored toward class 1 "mutagen": estimated ASR 98% (88-100%) with a 4-node trigger, suspicion 0.94, above all clean models',
    );
    assert.match(finding.details[0], /^A 4-node ring put on hub nodes sends 44 of 45 graphs .* class 1 "mutagen"/);
    assert.match(finding.details[0], /clean reference models: 60% at the median/);
    assert.match(finding.details[1], /grow 38-fold/);
  });

  it('are a warning, in weaker words, at a false-alarm rate between 5% and 10%', () => {
    // The second largest of 40 references: (1 + 2) / 41 = 7.3%.
    const [finding] = likely({ suspicion: reference.clean.suspicion[38] });
    assert.equal(finding.severity, 'warning');
    assert.match(finding.message, /^Possibly backdoored toward class 1: /);
    assert.match(finding.details[2], /Fewer than 10% of clean reference models/);
  });

  it('admit that the false-alarm rate of models of more classes is unknown', () => {
    const byClass = [0, 1, 2].map(() => wilsonInterval(44, 45));
    const [finding] = likely({ estimatedAsrByClass: byClass });
    assert.match(
      finding.details[3],
      /measured on models of 2 classes; of 3 classes more clean models may get such a score/,
    );
    assert.equal(likely({})[0].details.length, 3);
  });

  it('never call a model likely backdoored by made-up graphs, and say that there were no data', () => {
    const [finding] = likely({ syntheticGraphs: 48 });
    assert.equal(finding.code, 'GN201');
    assert.equal(finding.severity, 'warning');
    assert.match(finding.message, /^Possibly backdoored/);
    assert.match(finding.details.join(' '), /No clean data were given: this is of 48 graphs made up/);
  });

  it('say how often scans like that are right, and are warnings where errors would accuse too many', () => {
    const measured = {
      scans: 'GCN with 128 clean graphs',
      backdoored: { models: 40, errors: 30, findings: 33 },
      clean: { models: 30, errors: 5, findings: 6 },
    };
    const [error] = likely({ measured });
    assert.equal(error.severity, 'error');
    assert.match(error.details.join(' '), /GCN with 128 clean graphs\) raised an error or a warning on 33 of 40/);
    const [warning] = likely({ measured: { ...measured, warningsOnly: true } });
    assert.equal(warning.severity, 'warning');
  });

  it('are warnings at most where there is a reason for caution, and say so', () => {
    const [finding] = likely({ cautions: ['Models of another shape were not measured.'] });
    assert.equal(finding.severity, 'warning');
    assert.match(finding.message, /^Possibly backdoored/);
    assert.ok(finding.details.includes('Models of another shape were not measured. So this is a warning at most.'));
  });

  it('leave out names that say nothing', () => {
    assert.match(likely({}, ['0', '1'])[0].message, /toward class 1: /);
  });

  it('are absent for an inconspicuous model', () => {
    assert.deepEqual(backdoorFindings({ kind: 'no-sign', evidence: evidence({ suspicion: 0.3 }) }, {}, reference), []);
  });

  it('warn of attention concentration beyond clean models, and call it weak evidence', () => {
    const attention = [measuredLayer(1, 0.6, 0.7), measuredLayer(2, 0.22, 0.61)];
    const findings = backdoorFindings(
      { kind: 'no-sign', evidence: evidence({ suspicion: 0.3, attention }) },
      {},
      reference,
    );
    assert.equal(findings.length, 1);
    assert.equal(findings[0].code, 'GN202');
    assert.equal(findings[0].severity, 'warning');
    assert.deepEqual(findings[0].place, { layer: 2 });
    assert.match(
      findings[0].message,
      /hold 61% of layer 2's attention instead of 22%, 2\.8 times as much; clean models: 0\.9 to 1\.6 times/,
    );
    const [unevenness, graphs, caution] = findings[0].details;
    assert.match(unevenness, /Gini coefficient .* from 0\.30 to 0\.70 .* entropy from 0\.90 to 0\.50/);
    assert.equal(graphs, 'Most in graph 12 (node 4: 80% instead of 20%), graph 3 (nodes 1, 7: 60% instead of 30%).');
    assert.match(caution, /Weak evidence/);

    const [, onMadeUp] = likely({ attention, syntheticGraphs: 48 });
    assert.equal(onMadeUp.code, 'GN202');
    assert.doesNotMatch(onMadeUp.details.join(' '), /graph 12/);
  });

  it('warn of a class that is far easier to reach, unless the model is called suspicious anyway', () => {
    const easy = { estimatedAsrByClass: [wilsonInterval(2, 45), wilsonInterval(44, 45)] };
    const findings = backdoorFindings(
      { kind: 'no-sign', evidence: evidence({ ...easy, suspicion: 0.3 }) },
      {},
      reference,
    );
    assert.deepEqual(
      findings.map(({ code, severity }) => [code, severity]),
      [['GN203', 'warning']],
    );
    assert.match(
      findings[0].message,
      /98% \(88-100%\) of the graphs to class 1, and at most 4% \(1-15%\) to any other/,
    );
    assert.deepEqual(
      likely(easy).map(({ code }) => code),
      ['GN201'],
    );
  });

  it('do not call a class easy on few graphs or where only one class was measured', () => {
    const codes = (byClass: Estimate[]): string[] =>
      backdoorFindings(
        { kind: 'no-sign', evidence: evidence({ suspicion: 0.3, estimatedAsrByClass: byClass }) },
        {},
        reference,
      ).map(({ code }) => code);
    assert.deepEqual(codes([wilsonInterval(0, 2), wilsonInterval(2, 2)]), []);
    assert.deepEqual(codes([wilsonInterval(0, 0), wilsonInterval(45, 45)]), []);
  });

  it('say why a model was not assessed, as information', () => {
    const [finding] = backdoorFindings({ kind: 'not-assessed', reason: 'only 6 clean graphs' });
    assert.equal(finding.code, 'GN905');
    assert.equal(finding.severity, 'information');
    assert.equal(finding.message, 'Not assessed for backdoors: only 6 clean graphs');
    assert.equal(notAssessedFinding('GN904', 'no data set found').code, 'GN904');
    assert.equal(backdoorFindings({ kind: 'not-assessed', reason: 'x', code: 'GN902' })[0].code, 'GN902');
  });

  it('never call a model safe', () => {
    const all = [...likely({}), notAssessedFinding('GN901', 'truncated')];
    assert.doesNotMatch(JSON.stringify(all), /\bsafe\b/i);
  });
});

describe('purification findings', () => {
  const before = { acc: 0.979, asr: 0.97, flipAsr: 0.96 };
  const after = { acc: 0.9, asr: 0.4, flipAsr: 0.35 };

  it('say what stayed and what it cost', () => {
    const findings = purificationFindings(['GN301', 'GN302'], before, after);
    assert.deepEqual(
      findings.map(({ code, severity }) => `${code} ${severity}`),
      ['GN301 warning', 'GN302 warning'],
    );
    assert.match(findings[0].message, /attack success 96% before, 35% now/);
    assert.match(findings[1].message, /97\.9% before, 90\.0% now/);
  });

  it('say so where no attack was measured', () => {
    const [finding] = purificationFindings(['GN301'], { acc: 0.9 }, after);
    assert.match(finding.message, /not measured before, 35% now/);
  });

  it('are none for a purification that worked', () => assert.deepEqual(purificationFindings([], before, after), []));
});
