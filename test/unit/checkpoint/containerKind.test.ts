import assert from 'node:assert/strict';
import { containerKind, startsWith } from '../../../server/src/checkpoint/containerKind';
import { createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { fixture } from './fixtureFiles';
import * as asm from './pickleAssembler';

describe('containerKind', () => {
  it('goes by content', () => {
    assert.equal(containerKind(fixture('state-dict.pt')), 'zip');
    assert.equal(containerKind(fixture('legacy.pt')), 'legacy-pytorch');
    assert.equal(containerKind(fixture('plain.pkl')), 'other');
    assert.equal(containerKind(createSafetensors([])), 'safetensors');
    assert.equal(containerKind(asm.bytesOf('junk', fixture('state-dict.pt'))), 'prefixed-zip');
    assert.equal(containerKind(new Uint8Array()), 'other');
  });

  it('takes a safetensors file for one even when it was cut off', () => {
    const bytes = createSafetensors([{ name: 'w', dtype: 'float64', shape: [9], values: new Float64Array(9) }]);
    assert.equal(containerKind(bytes.subarray(0, 20)), 'safetensors');
  });

  it('compares prefixes within the bytes there are', () => {
    assert.equal(startsWith(Buffer.from('PK'), 'PK\x03'), false);
    assert.equal(startsWith(Buffer.of(1, 2, 3), [1, 2]), true);
  });
});
