import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ScanReport } from '../../protocol/reports';
import { activate, diagnostic, inWorkspace } from './support';

describe('the server', () => {
  before(activate);

  it('works again after a restart', async () => {
    await vscode.commands.executeCommand('graphnad.restartServer');
    await diagnostic(inWorkspace('models', 'malicious.pt'), 'GN101');
    const report = await scanMalicious();
    assert.ok(report?.findings.some(({ code }) => code === 'GN101'));
  });

  it('survives restarts that are asked for all at once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => vscode.commands.executeCommand('graphnad.restartServer')));
    assert.ok(await scanMalicious());
  });
});

function scanMalicious(): Thenable<ScanReport | undefined> {
  return vscode.commands.executeCommand<ScanReport | undefined>(
    'graphnad.scanModel',
    inWorkspace('models', 'malicious.pt'),
  );
}
