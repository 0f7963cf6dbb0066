import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ScanReport } from '../../protocol/reports';
import { activate, codeOf, diagnostic, eventually, inWorkspace } from './support';

describe('scanning', () => {
  before(activate);

  it('reports code on a model file that nobody opened', async () => {
    const { message, severity, source } = await diagnostic(inWorkspace('models', 'malicious.pt'), 'GN101');
    assert.match(message, /os\.system/);
    assert.equal(severity, vscode.DiagnosticSeverity.Error);
    assert.equal(source, 'GraphNAD');
    assert.deepEqual(
      vscode.workspace.textDocuments.filter(({ uri }) => uri.path.endsWith('.pt')),
      [],
    );
  });

  it('finds the backdoor of the example when asked to', async () => {
    const file = inWorkspace('models', 'backdoored.pt');
    const report = await vscode.commands.executeCommand<ScanReport>('graphnad.scanModel', file);
    assert.equal(report.backdoor.kind, 'likely');
    assert.ok(report.findings.some(({ code }) => code === 'GN201'));
    const { message } = await diagnostic(file, 'GN201');
    assert.match(message, /backdoored toward class/);
  });

  it('says why a model was not assessed, and does not call it clean', async () => {
    const file = inWorkspace('models', 'malicious.pt');
    const report = await vscode.commands.executeCommand<ScanReport>('graphnad.scanModel', { uri: file.toString() });
    assert.equal(report.backdoor.kind, 'not-assessed');
    assert.ok(report.findings.some(({ code }) => code.startsWith('GN9')));
    await diagnostic(file, /^GN9/);
  });

  it('reports nothing worse than information on the clean model that has a verdict', async () => {
    const file = inWorkspace('models', 'clean.pt');
    const report = await vscode.commands.executeCommand<ScanReport>('graphnad.scanModel', { uri: file });
    assert.equal(report.backdoor.kind, 'no-sign');
    const errors = vscode.languages.getDiagnostics(file).filter((found) => codeOf(found).startsWith('GN10'));
    assert.deepEqual(errors, []);
  });

  it('takes a scan back when it is cancelled', async () => {
    const cancellation = new vscode.CancellationTokenSource();
    cancellation.cancel();
    const report = await vscode.commands.executeCommand<ScanReport | undefined>('graphnad.scanModel', {
      uri: inWorkspace('models', 'clean.pt'),
      token: cancellation.token,
    });
    assert.equal(report, undefined);
  });

  it('shows the last report as a read-only document', async () => {
    await vscode.commands.executeCommand('graphnad.showReport', inWorkspace('models', 'backdoored.pt'));
    const editor = await eventually('report', () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.scheme === 'graphnad-report' ? active : undefined;
    });
    const text = editor.document.getText();
    assert.ok(text.startsWith('models/backdoored.pt\n'), text);
    assert.match(text, /^Verdict: /m);
  });

  it('notices a model that appears and one that goes', async () => {
    const appeared = inWorkspace('models', 'appeared.pt');
    await vscode.workspace.fs.copy(inWorkspace('models', 'malicious.pt'), appeared);
    await diagnostic(appeared, 'GN101');
    await vscode.workspace.fs.delete(appeared);
    await eventually('end of its findings', () =>
      vscode.languages.getDiagnostics(appeared).length === 0 ? true : undefined,
    );
  });
});
