import assert from 'node:assert/strict';
import { contributes } from '../../../../package.json';
import { modelEnding, modelExtensions } from '../../../../protocol/model';

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

  it('can be asked for where a model is text', () => {
    const [, asked] = contributes.customEditors;
    assert.equal(asked.priority, 'option');
    const names = asked.selector.map(({ filenamePattern }) => filenamePattern.replace('*', 'x'));
    assert.deepEqual(names.filter((name) => modelEnding(name) === undefined), []); // prettier-ignore
    const endings = modelExtensions.filter((extension) => extension.endsWith('json'));
    assert.deepEqual(endings.filter((ending) => !names.some((name) => name.endsWith(ending))), []); // prettier-ignore
  });
});
