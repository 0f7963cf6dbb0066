import assert from 'node:assert/strict';
import { contributes } from '../../../../package.json';
import { modelExtensions } from '../../../../protocol/model';

describe('the inspector in the extension’s manifest', () => {
  it('is the editor of every kind of model file', () => {
    const [editor] = contributes.customEditors;
    assert.equal(editor.priority, 'default');
    assert.deepEqual(
      editor.selector.map(({ filenamePattern }) => filenamePattern).sort(),
      modelExtensions.map((extension) => `*.${extension}`).sort(),
    );
  });
});
