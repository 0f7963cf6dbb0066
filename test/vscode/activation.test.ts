import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate } from './support';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, { readonly default: unknown }>> }[];
  };
}

describe('the extension', () => {
  it('activates', async () => {
    assert.ok((await activate()).isActive);
  });

  it('registers every command that its manifest contributes', async () => {
    const manifest = (await activate()).packageJSON as Manifest;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.map(({ command }) => command).filter((name) => !registered.has(name));
    assert.deepEqual(missing, []);
  });

  it('has a default for every setting', async () => {
    const manifest = (await activate()).packageJSON as Manifest;
    const settings = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
    assert.ok(settings.length > 5);
    for (const name of settings) {
      assert.notEqual(vscode.workspace.getConfiguration().get(name), undefined, name);
    }
  });
});
