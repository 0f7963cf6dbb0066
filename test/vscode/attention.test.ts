import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AttentionOverview } from '../../protocol/attention';
import { activate, eventually, inWorkspace } from './support';

const scheme = 'graphnad-attention';

describe('comparing attention', function () {
  this.timeout(120_000);
  const backdoored = inWorkspace('models', 'backdoored.pt');
  const clean = inWorkspace('models', 'clean.pt');
  let overview: AttentionOverview;

  before(activate);
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  /** The attention diff in the active tab. */
  const shown = (): vscode.TabInputTextDiff | undefined => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputTextDiff && input.modified.scheme === scheme ? input : undefined;
  };
  const graphShown = (): number | undefined => {
    const query = shown()?.modified.query;
    return query === undefined ? undefined : (JSON.parse(query) as { graph: number }).graph;
  };
  const textOf = async (uri: vscode.Uri): Promise<string> => (await vscode.workspace.openTextDocument(uri)).getText();

  it('opens a graph as a diff whose sides have the same lines', async () => {
    const found = await vscode.commands.executeCommand<AttentionOverview | undefined>('graphnad.compareAttention', {
      ...{ before: backdoored, after: clean, graph: 'most changed' },
    });
    assert.ok(found);
    overview = found;
    const { original, modified } = await eventually('attention diff', shown);
    const [left, right] = (await Promise.all([original, modified].map(textOf))).map((text) => text.split('\n'));
    assert.equal(left.length, right.length);
    assert.equal(left[0], 'Attention of models/backdoored.pt');
    assert.equal(right[0], 'Attention of models/clean.pt');
    const nodes = (lines: readonly string[]): string[] => lines.map((line) => line.slice(0, 20));
    assert.deepEqual(nodes(left).slice(6), nodes(right).slice(6), 'layers and nodes stand in the same lines');
  });

  it('marks layers for folding and the outline, and tells about nodes', async () => {
    const { modified } = await eventually('attention diff', shown);
    const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      modified,
    );
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      modified,
    );
    const layers = overview.models[0].layers;
    assert.deepEqual([ranges.length, symbols.length], [layers, layers]);
    assert.match(symbols[0].name, /^layer 1$/);
    const line = new vscode.Position(symbols[0].range.start.line + 2, 3);
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', modified, line);
    const [text] = hover.contents.map((part) => (part instanceof vscode.MarkdownString ? part.value : ''));
    assert.match(
      text,
      /^\*\*Node 0\*\* · label \d+[^]*Attention in layer 1: \d\.\d\d before, \d\.\d\d after[^]*Neighbours: /,
    );
  });

  it('goes to the next graph and back, in one tab', async () => {
    const first = graphShown();
    await vscode.commands.executeCommand('graphnad.attention.nextGraph');
    const second = await eventually('other graph', () => (graphShown() === first ? undefined : graphShown()));
    assert.deepEqual([first, second], overview.ranked.triggered.slice(0, 2), 'those that changed most come first');
    await vscode.commands.executeCommand('graphnad.attention.previousGraph');
    await eventually('first graph', () => (graphShown() === first ? true : undefined));
    const tabs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
    assert.equal(tabs.filter(({ input }) => input instanceof vscode.TabInputTextDiff).length, 1);
  });

  it('opens a picture of the graph beside it', async () => {
    await vscode.commands.executeCommand('graphnad.showAttentionPicture');
    await eventually('picture', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('attentionPicture')),
    );
  });

  it('compares a model with itself, by the trigger found in it', async () => {
    const itself = { before: backdoored, after: null, graph: 'most changed' };
    await vscode.commands.executeCommand('graphnad.compareAttention', itself);
    const { original, modified } = await eventually('attention diff', () =>
      shown()?.original.path.includes('backdoored') && shown()?.modified.path.includes('backdoored')
        ? shown()
        : undefined,
    );
    assert.match(await textOf(original), /without the trigger$/m);
    assert.match(await textOf(modified), /with the trigger$/m);
  });

  it('does nothing when it is cancelled', async () => {
    const cancellation = new vscode.CancellationTokenSource();
    cancellation.cancel();
    const result = await vscode.commands.executeCommand('graphnad.compareAttention', {
      ...{ before: clean, after: backdoored, graph: 0, token: cancellation.token },
    });
    assert.equal(result, undefined);
  });
});
