import assert from 'node:assert/strict';
import { contributes } from '../../../../package.json';
import { modelExtensions } from '../../../../protocol/model';

describe('the inspector in the extension’s manifest', () => {
  it('is the editor of every kind of model file but those that are text', () => {
    const [editor] = contributes.customEditors;
    assert.equal(editor.priority, 'default');
    assert.deepEqual(
      editor.selector.map(({ filenamePattern }) => filenamePattern).sort(),
      modelExtensions
        .filter((extension) => !extension.endsWith('json'))
        .map((extension) => `*.${extension}`)
        .sort(),
    );
  });
});
