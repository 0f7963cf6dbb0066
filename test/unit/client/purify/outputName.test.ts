import assert from 'node:assert/strict';
import { nextOutputName, outputNameProblem, suggestedOutputName } from '../../../../client/purify/outputName';

describe('name of the purified model', () => {
  it('is suggested beside the original with its ending', () => {
    assert.equal(suggestedOutputName('gin_aids.pt'), 'gin_aids.purified.pt');
    assert.equal(suggestedOutputName('a.b.safetensors'), 'a.b.purified.safetensors');
    assert.equal(suggestedOutputName('model.safetensors.index.json'), 'model.purified.safetensors.index.json');
    assert.equal(suggestedOutputName('model.json'), 'model.purified.json');
    assert.equal(outputNameProblem(suggestedOutputName('model.pt'), 'model.pt'), undefined);
  });

  it('has a number where other settings are tried', () => {
    assert.equal(nextOutputName('gin.purified.pt', new Set(['gin.purified.pt'])), 'gin.purified-2.pt');
    assert.equal(nextOutputName('gin.purified-2.pt', new Set(['gin.purified-2.pt'])), 'gin.purified-3.pt');
  });

  it('is never the original', () => {
    assert.match(outputNameProblem('model.pt', 'model.pt') ?? '', /never replaced/);
    assert.match(outputNameProblem(' MODEL.pt ', 'model.pt') ?? '', /never replaced/);
  });

  it('has no folder', () => {
    for (const name of ['../x.pt', 'a/b.pt', 'a\\b.pt', '..', '.'])
      assert.ok(outputNameProblem(name, 'model.pt'), name);
  });

  it('keeps the ending, because the format stays, or is that of a new file', () => {
    assert.equal(outputNameProblem('x.safetensors', 'model.h5'), undefined);
    assert.equal(outputNameProblem('x.PT', 'model.h5'), undefined);
    assert.match(outputNameProblem('x.onnx', 'model.h5') ?? '', /end in \.h5.* \.safetensors or \.pt$/);
    assert.ok(outputNameProblem('x', 'model.pt'));
    assert.ok(outputNameProblem('', 'model.pt'));
  });
});
