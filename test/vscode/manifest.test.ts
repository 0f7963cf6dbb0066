import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { saveMisread } from '../support/misread';
import { activate, diagnostic, eventually, inWorkspace } from './support';

describe('graphnad.json', () => {
  const file = (): vscode.Uri => inWorkspace('graphnad.json');
  let document: vscode.TextDocument;

  before(activate);

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(file());
  });

  /** Opens a manifest with this text. */
  async function open(manifest: object): Promise<void> {
    const text = JSON.stringify(manifest, null, 2);
    await vscode.workspace.fs.writeFile(file(), Buffer.from(text));
    document = await vscode.workspace.openTextDocument(file());
    await vscode.window.showTextDocument(document);
    // A document that was open before takes over what is on disk a little later.
    await eventually('the text', () => (document.getText() === text ? true : undefined));
  }

  const positionOf = (part: string, offset = 0): vscode.Position =>
    document.positionAt(document.getText().indexOf(part) + offset);

  it('is JSON with comments, checked by the schema and, once only, by the server', async () => {
    await open({ sede: 1, models: [{ model: 'models/clean.pt', trigger: 'none.json' }] });
    assert.equal(document.languageId, 'jsonc');
    const problems = await eventually('problems of both', () => {
      const found = vscode.languages.getDiagnostics(file());
      return found.length >= 2 ? found : undefined;
    });
    const about = (word: string): vscode.Diagnostic[] => problems.filter(({ message }) => message.includes(word));
    assert.equal(about('sede').length, 1);
    assert.equal(about('none.json')[0].source, 'GraphNAD');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      file(),
      new vscode.Range(positionOf('sede'), positionOf('sede')),
    );
    assert.ok(
      actions.some(({ title }) => title === 'Change to "seed"'),
      actions.map(({ title }) => title).join(),
    );
  });

  it('completes model files', async () => {
    await open({ models: [{ model: '' }] });
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      file(),
      positionOf('"model": ""', '"model": "'.length),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('models/backdoored.pt'), labels.join());
    assert.equal(labels.filter((label) => label === 'models/clean.pt').length, 1, 'each once');
  });

  it('has lenses, links and hovers on its models', async () => {
    await open({ models: [{ model: 'models/clean.pt' }] });
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file());
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ['graphnad.scanModel', 'graphnad.purifyModel', 'graphnad.compareAttention'],
    );
    const known = await vscode.commands.getCommands(true);
    for (const { command } of lenses) assert.ok(known.includes(command?.command ?? ''), command?.command);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', file());
    const targets = links.map(({ target }) => target?.toString());
    assert.ok(targets.includes(inWorkspace('models', 'clean.pt').toString()), targets.join());
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      file(),
      positionOf('models/clean.pt', 3),
    );
    const texts = hovers.flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value));
    assert.ok(
      texts.some((text) => /GIN, \d layers/.test(text)),
      texts.join(),
    );
  });

  it('follows a model that is renamed', async () => {
    await vscode.workspace.fs.copy(inWorkspace('models', 'clean.pt'), inWorkspace('models', 'copy.pt'));
    await open({ models: [{ model: 'models/copy.pt' }] });
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(inWorkspace('models', 'copy.pt'), inWorkspace('models', 'moved.pt'));
    assert.ok(await vscode.workspace.applyEdit(edit));
    try {
      await eventually('new name in the manifest', () => document.getText().includes('models/moved.pt') || undefined);
    } finally {
      await document.save();
      await vscode.workspace.fs.delete(inWorkspace('models', 'moved.pt'));
    }
  });

  it('is where the architecture of a model is stated, which is offered above the finding that asks for it', async () => {
    const model = inWorkspace('models', 'misread.safetensors');
    await saveMisread(inWorkspace('models', 'clean.pt').fsPath, model.fsPath);
    try {
      const { message } = await diagnostic(model, 'GN905');
      const assumed = message.slice(message.indexOf('"architecture": ') + '"architecture": '.length);
      await vscode.commands.executeCommand('graphnad.showReport', model);
      const shown = vscode.window.activeTextEditor?.document.uri;
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', shown);
      const { title, command, arguments: rest = [] } = lenses[0].command ?? assert.fail();
      assert.equal(title, 'State the architecture of misread.safetensors in graphnad.json');
      await vscode.commands.executeCommand(command, ...(rest as unknown[]));
      const editor = await eventually('the manifest', () => {
        const active = vscode.window.activeTextEditor;
        return active?.document.uri.path === file().path ? active : undefined;
      });
      assert.deepEqual(JSON.parse(editor.document.getText(editor.selection)), JSON.parse(assumed));
      await editor.document.save();
    } finally {
      await vscode.workspace.fs.delete(model);
    }
  });

  it('is shown, not replaced, where it is there already', async () => {
    await open({ seed: 3 });
    const before = document.getText();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const shown = await vscode.commands.executeCommand<vscode.Uri>('graphnad.createManifest');
    assert.equal(shown.toString(), file().toString());
    assert.equal(vscode.window.activeTextEditor?.document.getText(), before);
  });
});
