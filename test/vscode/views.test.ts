import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Busy } from '../../client/activationTime';
import { activate, codeOf, diagnostic, eventually, inWorkspace } from './support';

describe('problems, views and status', () => {
  let extension: vscode.Extension<unknown>;
  before(async () => {
    extension = await activate();
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('are activated by an extension that tells how long that kept the host busy', () => {
    const { busy } = extension.exports as { readonly busy: Busy };
    assert.ok(busy.processor > 0);
  });

  it('lead from the code of a finding to its page, which is installed', async () => {
    const { code } = await diagnostic(inWorkspace('models', 'malicious.pt'), 'GN101');
    assert.ok(typeof code === 'object');
    assert.equal(code.target.scheme, 'command');
    await vscode.commands.executeCommand(code.target.path, ...(JSON.parse(code.target.query) as unknown[]));
    await eventually('a preview of the page', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label.includes('GN101.md')),
    );
  });

  it('lead from the details of a finding to their lines in the report', async () => {
    const { relatedInformation = [] } = await diagnostic(inWorkspace('models', 'malicious.pt'), 'GN101');
    assert.ok(relatedInformation.length > 0);
    const [{ location, message }] = relatedInformation;
    const report = await vscode.workspace.openTextDocument(location.uri);
    assert.equal(report.lineAt(location.range.start.line).text.trim(), message);
  });

  it('list findings with the severity that a setting gives them', async () => {
    const settings = vscode.workspace.getConfiguration('graphnad');
    const file = inWorkspace('models', 'malicious.pt');
    const worst = (): vscode.Diagnostic | undefined =>
      vscode.languages.getDiagnostics(file).find((found) => codeOf(found) === 'GN101');
    await diagnostic(file, 'GN101');
    try {
      await settings.update('severity', { GN101: 'information' }, vscode.ConfigurationTarget.Workspace);
      await eventually('a milder finding', () =>
        worst()?.severity === vscode.DiagnosticSeverity.Information ? true : undefined,
      );
      await settings.update('severity', { GN101: 'off' }, vscode.ConfigurationTarget.Workspace);
      await eventually('its end', () => (worst() === undefined ? true : undefined));
    } finally {
      await settings.update('severity', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await eventually('the finding as it is', () =>
      worst()?.severity === vscode.DiagnosticSeverity.Error ? true : undefined,
    );
  });

  it('show the models, and look for them again', async () => {
    await vscode.commands.executeCommand('graphnad.models.focus');
    await vscode.commands.executeCommand('graphnad.refreshModels');
  });

  it('collect what a bug report needs in a document without personal paths', async () => {
    await diagnostic(inWorkspace('models', 'malicious.pt'), 'GN101');
    await vscode.commands.executeCommand('graphnad.collectDiagnostics');
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document?.isUntitled);
    assert.equal(document.languageId, 'markdown');
    const text = document.getText();
    for (const part of [
      /^# GraphNAD diagnostics/,
      /\| VS Code \| \d+\.\d+/,
      /`graphnad\.severity`/,
      /State: running/,
    ]) {
      assert.match(text, part);
    }
    assert.match(text, /\n## Log, last [1-9]\d* lines\n\n```+text\n.*\[info\]/);
    assert.ok(!text.includes(inWorkspace().fsPath), 'no path of the workspace');
    assert.ok(!text.includes(`${homedir()}/`), 'no path of the home folder');
  });
});
