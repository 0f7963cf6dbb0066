import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { contributes } from '../../../../package.json';
import { inspectorView, jsonInspectorView, openingModel } from '../../../../client/inspector/inspectorViews';

describe('views of the inspector', () => {
  it('are those of the manifest', () => {
    assert.deepEqual(
      contributes.customEditors.map(({ viewType }) => viewType),
      [inspectorView, jsonInspectorView],
    );
  });

  it('open models that are JSON in the inspector, others in the editor of their kind', () => {
    const uri = (path: string): vscode.Uri => ({ path }) as vscode.Uri;
    assert.deepEqual(openingModel(uri('/m/gin.pt')), ['vscode.open', uri('/m/gin.pt')]);
    assert.equal(openingModel(uri('/m/model.safetensors.index.json')).at(-1), jsonInspectorView);
  });
});
