import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ScanReport } from '../../protocol/reports';
import { activate, cleanData, inWorkspace } from './support';

describe('the setting for a queue', () => {
  /** Nothing listens there. */
  const url = 'redis://127.0.0.1:1';
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('graphnad');

  before(activate);
  afterEach(() => settings().update('queue.url', undefined, vscode.ConfigurationTarget.Global));

  it('holds at once: nothing is done on this machine instead, until somebody decides so', async () => {
    await settings().update('queue.url', url, vscode.ConfigurationTarget.Global);
    const refused = await scan();
    assert.equal(refused?.backdoor.kind, 'not-assessed');
    assert.match(refused.backdoor.reason, /the queue cannot be reached/);
    await vscode.commands.executeCommand('graphnad.leaveQueue');
    assert.equal(settings().get('queue.url'), '');
    const report = await scan();
    assert.notEqual(report?.backdoor.kind, 'not-assessed');
  });

  it('cannot be given by a workspace', async () => {
    await assert.rejects(async () => settings().update('queue.url', url, vscode.ConfigurationTarget.Workspace));
    assert.equal(settings().get('queue.url'), '');
  });
});

async function scan(): Promise<ScanReport | undefined> {
  return vscode.commands.executeCommand('graphnad.scanModel', {
    uri: inWorkspace('models', 'clean.pt'),
    dataUri: await cleanData(),
  });
}
