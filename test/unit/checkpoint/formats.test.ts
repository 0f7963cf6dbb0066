import assert from 'node:assert/strict';
import { filesBeside, formatOf } from '../../../server/src/checkpoint/formats';
import { fixture } from './fixtureFiles';
import { Samples } from './formatSamples';
import { CountedSource } from './sampleSource';

describe('filesBeside', () => {
  it('names the files of a model of several, and none of what is no model', () => {
    assert.deepEqual(filesBeside(new Samples('onnx').bytes('external.onnx'), 'external.onnx'), ['external.onnx.data']);
    assert.deepEqual(filesBeside(Buffer.from('no model'), 'none'), []);
  });

  it('reads next to nothing of a zip archive, none of whose formats has files beside it', () => {
    const archives = [
      ...[new Samples('pytorch').bytes('scripted.pt'), new Samples('keras').bytes('model.keras')],
      ...[new Samples('numpy').bytes('stored.npz'), fixture('deflated.pt')],
    ];
    for (const bytes of archives) {
      assert.ok(!('filesBeside' in formatOf(bytes, 'archive')));
      const source = new CountedSource(bytes);
      assert.deepEqual(filesBeside(source, 'archive'), []);
      assert.ok(source.asked <= 16, `${source.asked} bytes`);
    }
  });
});
