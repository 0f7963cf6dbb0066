import assert from 'node:assert/strict';
import { contributes } from '../../../package.json';
import { modelExtensions } from '../../../protocol/model';

describe('reports in the extension’s manifest', () => {
  it('are wrapped documents for every kind of model file', () => {
    const report = contributes.languages.find(({ id }) => id === 'graphnad-report');
    assert.deepEqual(
      [...(report?.filenamePatterns ?? [])].sort(),
      ['model.json', 'model.*.json', ...modelExtensions.map((extension) => `*.${extension}`)]
        .map((name) => `${name}.report.txt`)
        .sort(),
    );
    assert.equal(contributes.configurationDefaults['[graphnad-report]']['editor.wordWrap'], 'on');
  });
});
