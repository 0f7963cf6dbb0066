import assert from 'node:assert/strict';
import { torchscript } from '../../../../server/src/checkpoint/torchscript/torchscript';
import { readZip } from '../../../../server/src/checkpoint/zip/readZip';
import { assertHolds, assertRewrites, assertStandsDamage, isRecognised, openAs, Samples } from '../formatSamples';
import { CountedSource } from '../sampleSource';
import { fixture } from '../fixtureFiles';

const samples = new Samples('pytorch');
const files = ['scripted.pt', 'traced.pt', 'frozen.pt'];

describe('torchscript', () => {
  for (const name of files) {
    it(`reads ${name} as PyTorch does, by ranges too`, () => {
      const bytes = samples.bytes(name);
      assert.ok(isRecognised(torchscript, bytes));
      for (const source of [bytes, new CountedSource(bytes)]) {
        assertHolds(openAs(torchscript, source), samples.expected[name]);
      }
    });

    it(`rewrites the storages of ${name} and no other entry`, () => {
      const bytes = samples.bytes(name);
      const { written } = assertRewrites(torchscript, bytes);
      const entries = (archive: Uint8Array) => readZip(archive, name).entries;
      const after = entries(written);
      entries(bytes).forEach(({ name: entry, data }, i) => {
        assert.equal(after[i].name, entry);
        if (!/\/(data|constants)\/\d+$/.test(entry)) assert.equal(Buffer.compare(after[i].data, data), 0, entry);
      });
    });
  }

  it('lists the files of the compiled code', () => {
    const { others } = openAs(torchscript, samples.bytes('scripted.pt')).extras;
    assert.ok(others.includes('code/__torch__.py') && others.every((name) => name.startsWith('code/')));
  });

  it('takes no other archive of PyTorch for one', () => {
    assert.equal(isRecognised(torchscript, fixture('state-dict.pt')), false);
    assert.equal(isRecognised(torchscript, fixture('torchscript.pt')), true);
  });

  it('stands damage at every place', () => {
    const bytes = samples.bytes('frozen.pt');
    assertStandsDamage(torchscript, bytes, 11);
  });
});
