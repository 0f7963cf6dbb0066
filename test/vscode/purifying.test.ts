import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PurifyReport } from '../../protocol/reports';
import { activate, cleanData, eventually, inWorkspace, models, namesIn, resultsPanels, sha256 } from './support';

const limit = 120_000;

describe('purifying', function () {
  this.timeout(limit);
  let uri: vscode.Uri;
  let dataUri: vscode.Uri;

  before(async () => {
    await activate();
    uri = inWorkspace('models', 'backdoored.pt');
    dataUri = await cleanData();
  });

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('stops when it is cancelled and leaves nothing behind', async () => {
    const before = await namesIn(models());
    const cancellation = new vscode.CancellationTokenSource();
    const run = purify({ uri, dataUri, output: inWorkspace('models', 'cancelled.pt'), token: cancellation.token });
    await eventually('results panel', () => resultsPanels().at(0));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    cancellation.cancel();
    assert.equal(await run, undefined);
    assert.deepEqual(await namesIn(models()), before);
  });

  it('writes a new file, shows a panel and leaves the original as it was', async () => {
    const output = inWorkspace('models', 'backdoored.purified.pt');
    const original = await sha256(uri);
    const report = await purify({ uri: uri.toString(), dataUri: dataUri.toString(), output: output.toString() });
    assert.ok(report, 'a report');
    assert.equal(resultsPanels().length, 1);
    assert.equal(await sha256(uri), original);
    assert.equal(report.sha256, original);
    assert.equal(report.outputSha256, await sha256(output));
    assert.notEqual(report.outputSha256, original);
    assert.deepEqual(
      report.stages.map(({ name }) => name),
      ['before', 'fine-tuned', 'graphnad'],
    );
    const [before, , after] = report.stages.map(({ estimated }) => estimated.flipAsr ?? 1);
    assert.ok(after < before, `flip ASR ${before} -> ${after}`);
  });

  it('does not replace a file that it was not told to replace', async () => {
    const output = inWorkspace('models', 'taken.pt');
    await vscode.workspace.fs.writeFile(output, Buffer.from('mine'));
    assert.equal(await purify({ uri, dataUri, output }), undefined);
    assert.equal(Buffer.from(await vscode.workspace.fs.readFile(output)).toString(), 'mine');
    await vscode.workspace.fs.delete(output);
  });

  it('never writes over the original, even when told to', async () => {
    const original = await sha256(uri);
    assert.equal(await purify({ uri, dataUri, output: uri, overwrite: true }), undefined);
    assert.equal(await sha256(uri), original);
  });

  it('ends without output when the data does not fit', async () => {
    const output = inWorkspace('models', 'misfit.pt');
    assert.equal(await purify({ uri, dataUri: models(), output }), undefined);
    assert.ok(!(await namesIn(models())).includes('misfit.pt'));
  });
});

function purify(request: object): Thenable<PurifyReport | undefined> {
  return vscode.commands.executeCommand<PurifyReport | undefined>('graphnad.purifyModel', request);
}
