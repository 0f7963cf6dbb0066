import assert from 'node:assert/strict';
import { anchoredFindings, anchoredScanReport, scanReportText } from '../../../server/src/report/scanText';
import { evidence, scanReport } from '../../support/reports';

describe('scanReportText', () => {
  it('says what was read, found and measured', () => {
    const text = scanReportText(scanReport);
    for (const part of [
      '/models/gin.pt\npytorch-zip, 12,345 bytes, sha256 abab',
      'Recognised as GIN, 3 layers',
      '(x) Loading this file runs os.system("id")  GN101\n    It is called with 1 argument.',
      '(!) Likely backdoored toward class 1  GN201',
      'Verdict: possibly backdoored toward class 1.',
      '97% (91-99%), 45 graphs that were not used to find the trigger',
      'rho 1.250, gain 2.500, excess -0.750',
      'Settings: seed 3, data /data/AIDS, features labels, data sha256 cdcd',
    ]) {
      assert.ok(text.includes(part), `${part}\nis missing from\n${text}`);
    }
  });

  it('turns no text around and breaks no line, whatever files and data sets are called', () => {
    const [finding, ...others] = scanReport.findings;
    const named = { ...finding, message: 'Loads a\u202Eb', details: ['Clean data: x\n(i) nothing was found'] };
    const { text, findingLines } = anchoredScanReport({
      ...scanReport,
      findings: [named, ...others],
      backdoor: { kind: 'not-assessed', reason: 'a\u001b[2Jb' },
    });
    const lines = text.split('\n');
    assert.equal(lines[findingLines[0]], '(x) Loads a\\u{202e}b  GN101');
    assert.equal(lines[findingLines[0] + 1], '    Clean data: x\\u{a}(i) nothing was found');
    assert.ok(text.includes('Verdict: not assessed for backdoors: a\\u{1b}[2Jb.'));
  });

  it('names no format where the file was not read as a checkpoint', () => {
    const text = scanReportText({ ...scanReport, format: 'unknown' });
    assert.match(text, /^\/models\/gin\.pt\n12,345 bytes, sha256 abab/);
  });

  it('says that nothing was found in the code, where that was looked at and is so', () => {
    const [code, behaviour] = scanReport.findings;
    const unread = { ...behaviour, code: 'GN901' } as const;
    const says = (...findings: (typeof scanReport.findings)[number][]): boolean =>
      scanReportText({ ...scanReport, findings }).includes('\n\nCode: loading the file imports and calls nothing but');
    assert.deepEqual([says(), says(behaviour), says(code, behaviour), says(unread)], [true, true, false, false]);
  });

  it('is as sure as the finding', () => {
    const findings = scanReport.findings.map((finding) => ({ ...finding, severity: 'error' as const }));
    assert.match(scanReportText({ ...scanReport, findings }), /Verdict: likely backdoored toward class 1\./);
  });

  it('never calls a model clean that was not assessed', () => {
    const text = scanReportText({
      ...scanReport,
      findings: [],
      backdoor: { kind: 'not-assessed', reason: 'only 6 clean graphs, and at least 10 are needed' },
    });
    assert.ok(text.includes('Verdict: not assessed for backdoors: only 6 clean graphs, and at least 10 are needed.'));
    assert.doesNotMatch(text, /no sign|safe|clean model/i);
  });

  it('says at the end when it was computed, where that was not now', () => {
    const text = scanReportText({ ...scanReport, cached: { computed: '2025-01-31T12:05:09.000Z' } });
    assert.equal(text.indexOf(scanReportText(scanReport).trimEnd()), 0);
    assert.match(
      text,
      /\n\nNot computed now: this is the result of 2025-01-31 at 12:05 UTC for the same content of .*\.\n$/,
    );
  });

  it('says that finding nothing is no proof', () => {
    const text = scanReportText({ ...scanReport, findings: [], backdoor: { kind: 'no-sign', evidence } });
    assert.ok(text.includes('no sign of a backdoor found (scan of 45 clean graphs). This is not a proof'));
    const measured = {
      scans: 'GIN with 128 clean graphs',
      backdoored: { models: 158, errors: 137, findings: 145 },
      clean: { models: 161, errors: 7, findings: 17 },
    };
    const backdoor = { kind: 'no-sign', evidence: { ...evidence, measured } } as const;
    assert.match(scanReportText({ ...scanReport, findings: [], backdoor }), /such scans missed 13 of 158 backdoored/);
  });

  it('sets what was seen on made-up graphs apart from a verdict', () => {
    const made = { ...evidence, syntheticGraphs: 60 };
    const backdoor = { kind: 'not-assessed', reason: 'no clean data', evidence: made } as const;
    const text = scanReportText({ ...scanReport, findings: [], backdoor });
    assert.match(
      text,
      /Verdict: not assessed for backdoors: no clean data\.\n\nSeen all the same, though no verdict rests on it:/,
    );
    const quiet = scanReportText({ ...scanReport, findings: [], backdoor: { kind: 'no-sign', evidence: made } });
    assert.match(quiet, /no sign of a backdoor found \(scan of 60 made-up graphs\)/);
  });

  it('lets no file name steer a terminal', () => {
    assert.match(scanReportText({ ...scanReport, file: '/m/a\x1b[2K.pt' }), /^\/m\/a\\u\{1b\}\[2K\.pt\n/);
  });

  it('knows the line at which each finding begins', () => {
    const findings = [...scanReport.findings, ...scanReport.findings];
    const { text, findingLines } = anchoredScanReport({ ...scanReport, findings, architectureNotes: ['a', 'b'] });
    const lines = text.split('\n');
    assert.deepEqual(
      findingLines.map((line) => lines[line]),
      findings.map(({ severity, message, code }) => `${severity === 'error' ? '(x)' : '(!)'} ${message}  ${code}`),
    );
    assert.equal(new Set(findingLines).size, 4);
    const bare = anchoredFindings('/m\n.pt', scanReport.findings);
    assert.deepEqual(bare.findingLines, [2, 5]);
    assert.match(bare.text, /^\/m\\u\{a\}\.pt\n\n\(x\)/);
  });
});
