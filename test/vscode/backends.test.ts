import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ScanReport } from '../../protocol/reports';
import { activate, cleanData, inWorkspace } from './support';

describe('the choice of what computes', () => {
  before(activate);
  afterEach(async () => {
    await choose('backend', undefined);
    await choose('server.runtime', undefined);
  });

  it('does not replace TensorFlow where it was chosen and does not work', async () => {
    await choose('backend', 'tensorflow');
    const refused = await scan();
    assert.equal(refused?.backdoor.kind, 'not-assessed');
    assert.match(refused.backdoor.reason, /TensorFlow for Node\.js is not installed|tfjs-node/);
    await choose('backend', undefined);
    const report = await scan();
    assert.equal(report?.settings.backend, 'graphnad');
    assert.notEqual(report.backdoor.kind, 'not-assessed');
  });

  it('does not run the server on another Node.js than the one that was named', async () => {
    await choose('server.runtime', path.resolve('no such node'));
    assert.equal(await scan(), undefined);
    await choose('server.runtime', undefined);
    assert.ok(await scan());
  });
});

function choose(setting: string, value: string | undefined): Thenable<void> {
  return vscode.workspace.getConfiguration('graphnad').update(setting, value, vscode.ConfigurationTarget.Global);
}

async function scan(): Promise<ScanReport | undefined> {
  return vscode.commands.executeCommand('graphnad.scanModel', {
    uri: inWorkspace('models', 'clean.pt'),
    dataUri: await cleanData(),
  });
}
