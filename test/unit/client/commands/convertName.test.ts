import assert from 'node:assert/strict';
import { safetensorsName } from '../../../../client/commands/convertName';

describe('safetensorsName', () => {
  it('replaces the last ending alone', () => {
    assert.equal(safetensorsName('gin.pt'), 'gin.safetensors');
    assert.equal(safetensorsName('epoch=3.step=4.ckpt'), 'epoch=3.step=4.safetensors');
    assert.equal(safetensorsName('model'), 'model.safetensors');
    assert.equal(safetensorsName('model.safetensors.index.json'), 'model.safetensors');
    assert.equal(safetensorsName('model.json'), 'model.safetensors');
  });
});
