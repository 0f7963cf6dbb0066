import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ConvertReport } from '../../protocol/inspector';
import { activate, eventually, inWorkspace, namesIn, models, sha256 } from './support';

describe('inspecting', () => {
  before(activate);
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens a model file in the inspector, not as a binary file', async () => {
    for (const name of ['clean.pt', 'malicious.pt']) {
      const uri = inWorkspace('models', name);
      await vscode.commands.executeCommand('vscode.open', uri);
      const input = await eventually(`inspector of ${name}`, () => inspectorInFront(uri));
      assert.equal(input.viewType, 'graphnad.modelInspector');
    }
  });

  it('stays when its file goes away', async () => {
    const uri = inWorkspace('models', 'inspected.pt');
    await vscode.workspace.fs.copy(inWorkspace('models', 'clean.pt'), uri);
    await vscode.commands.executeCommand('vscode.open', uri);
    await eventually('inspector', () => inspectorInFront(uri));
    await vscode.workspace.fs.delete(uri);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.ok(inspectorInFront(uri));
  });
});

describe('converting', () => {
  before(activate);

  const convert = (request: object): Thenable<ConvertReport | undefined> =>
    vscode.commands.executeCommand<ConvertReport | undefined>('graphnad.convertToSafetensors', request);

  it('writes a safetensors file beside the model, and over an existing one only when told to', async () => {
    const uri = inWorkspace('models', 'clean.pt');
    const output = inWorkspace('models', 'clean.safetensors');
    const original = await sha256(uri);
    const report = await convert({ uri, output });
    assert.ok(report, 'a report');
    assert.equal(report.outputSha256, await sha256(output));
    assert.equal(await sha256(uri), original);
    assert.equal(await convert({ uri, output }), undefined);
    assert.ok(await convert({ uri: uri.toString(), output: output.toString(), overwrite: true }));
    assert.equal(await convert({ uri, output: uri, overwrite: true }), undefined);
    assert.equal(await sha256(uri), original);
    await vscode.workspace.fs.delete(output);
  });

  it('leaves nothing of a file that holds no weights', async () => {
    const before = await namesIn(models());
    const output = inWorkspace('models', 'malicious.safetensors');
    assert.equal(await convert({ uri: inWorkspace('models', 'malicious.pt'), output }), undefined);
    assert.deepEqual(await namesIn(models()), before);
  });
});

function inspectorInFront(uri: vscode.Uri): vscode.TabInputCustom | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom && input.uri.toString() === uri.toString() ? input : undefined;
}
