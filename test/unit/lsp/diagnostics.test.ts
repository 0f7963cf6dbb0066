import assert from 'node:assert/strict';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { Finding } from '../../../protocol/findings';
import { reportUri, toDiagnostics } from '../../../server/src/lsp/diagnostics';
import { findingText } from '../../../server/src/report/scanText';

const finding: Finding = {
  code: 'GN101',
  severity: 'error',
  message: 'Loading this file runs os.system("id")',
  details: ['It stands at byte 1,204.', 'Do not load it.'],
  place: { entry: 'archive/data.pkl', offset: 1204 },
};
const mild: Finding = { code: 'GN904', severity: 'information', message: 'Not assessed', details: [] };

describe('toDiagnostics', () => {
  const uri = 'file:///m/a%20b.pt';
  const report = ['head', '', findingText(finding), '', findingText(mild)].join('\n');
  const all = { relatedInformation: true, codeDescription: true };

  it('gives code, severity, source, message and place', () => {
    const [first, second] = toDiagnostics(uri, [finding, mild], report, all);
    assert.deepEqual(first.range, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
    assert.equal(first.severity, DiagnosticSeverity.Error);
    assert.equal(first.source, 'GraphNAD');
    assert.equal(first.code, 'GN101');
    assert.equal(first.message, finding.message);
    assert.deepEqual(first.data, { place: finding.place });
    assert.equal(second.severity, DiagnosticSeverity.Information);
    assert.equal('data' in second, false);
  });

  it('leads from each detail to its line in the report', () => {
    const [{ relatedInformation = [] }] = toDiagnostics(uri, [finding], report, all);
    const lines = report.split('\n');
    assert.equal(relatedInformation.length, 2);
    for (const [i, { location, message }] of relatedInformation.entries()) {
      assert.equal(message, finding.details[i]);
      assert.equal(location.uri, reportUri(uri));
      assert.equal(lines[location.range.start.line].trim(), message);
      assert.equal(location.range.end.character, lines[location.range.start.line].length);
    }
  });

  it('leaves out what the client cannot show', () => {
    const [bare] = toDiagnostics(uri, [finding], report, { relatedInformation: false, codeDescription: false });
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
