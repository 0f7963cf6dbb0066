import assert from 'node:assert/strict';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { Finding } from '../../../protocol/findings';
import { reportUri, toDiagnostics } from '../../../server/src/lsp/diagnostics';
import type { Problem } from '../../../server/src/lsp/problems';
import { anchoredFindings } from '../../../server/src/report/scanText';

const finding: Finding = {
  code: 'GN101',
  severity: 'error',
  message: 'Loading this file runs os.system("id")',
  details: ['It stands at byte 1,204.', 'Do not load it.'],
  place: { entry: 'archive/data.pkl', offset: 1204 },
};
const mild: Finding = { code: 'GN904', severity: 'information', message: 'Not assessed', details: [] };

const same: Finding = { ...mild, details: ['Nothing follows from that.'] };

describe('toDiagnostics', () => {
  const uri = 'file:///m/a%20b.pt';
  const findings = [finding, mild, same, same];
  const report = anchoredFindings('/m/a b.pt', findings);
  const all = { relatedInformation: true, codeDescription: true };
  const listed: Problem[] = findings.map(({ severity }, index) => ({ index, severity, others: [] }));

  it('gives code, severity, source, message and place', () => {
    const [first, second] = toDiagnostics(uri, findings, listed, report, all);
    assert.deepEqual(first.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
    assert.equal(first.severity, DiagnosticSeverity.Error);
    assert.equal(first.source, 'GraphNAD');
    assert.equal(first.code, 'GN101');
    assert.equal(first.message, finding.message);
    assert.deepEqual(first.data, { place: finding.place });
    assert.equal(second.severity, DiagnosticSeverity.Information);
    assert.equal('data' in second, false);
  });

  it('leads from each detail to its own line in the report, also where two findings read the same', () => {
    const lines = report.text.split('\n');
    const seen = toDiagnostics(uri, findings, listed, report, all).flatMap(({ relatedInformation = [] }) =>
      relatedInformation.map(({ location: { uri: target, range }, message }) => {
        assert.equal(target, reportUri(uri));
        assert.equal(range.end.character, lines[range.start.line].length);
        return [range.start.line, message, lines[range.start.line].trim()];
      }),
    );
    assert.deepEqual(seen, [
      [3, finding.details[0], finding.details[0]],
      [4, finding.details[1], finding.details[1]],
      [6, 'The whole report', '(i) Not assessed  GN904'],
      [9, same.details[0], same.details[0]],
      [12, same.details[0], same.details[0]],
    ]);
  });

  it('lists what it is told to, with the severity it is told', () => {
    const [only, ...others] = toDiagnostics(uri, findings, [{ index: 1, severity: 'error', others: [] }], report, all);
    assert.deepEqual([only.code, only.severity, others], ['GN904', DiagnosticSeverity.Error, []]);
  });

  it('names other files that a line speaks for, and how many findings have no line', () => {
    const more = Array.from({ length: 25 }, (_, i) => `/m/${i}.pt`);
    const problems: Problem[] = [{ index: 1, severity: 'information', others: more, omitted: 7 }];
    const [{ message, relatedInformation = [] }] = toDiagnostics(uri, findings, problems, report, all);
    assert.match(
      message as string,
      /^Not assessed \(25 more model files of this folder: not assessed for the same reason\) \[7 more findings not listed/,
    );
    assert.equal(relatedInformation.length, 22);
    assert.equal(relatedInformation[1].message, '0.pt');
    assert.equal(relatedInformation[1].location.uri, reportUri('file:///m/0.pt'));
    assert.equal(relatedInformation[21].message, 'and 5 more model files');
  });

  it('leaves out what the client cannot show', () => {
    const features = { relatedInformation: false, codeDescription: false };
    const [bare] = toDiagnostics(uri, findings, listed, report, features);
    assert.equal('relatedInformation' in bare, false);
    assert.equal('codeDescription' in bare, false);
  });
});

describe('reportUri', () => {
  it('has the path of the model and its URI as the query', () => {
    const uri = 'file:///m/a%20%281%29.pt';
    const parsed = new URL(reportUri(uri));
    assert.equal(parsed.protocol, 'graphnad-report:');
    assert.equal(parsed.pathname, '/m/a%20%281%29.pt.report.txt');
    assert.equal(decodeURIComponent(parsed.search.slice(1)), uri);
  });
});
