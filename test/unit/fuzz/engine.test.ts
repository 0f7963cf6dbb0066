import assert from 'node:assert/strict';
import { Rng } from '../../../server/src/graph/rng';
import { runGuarded, withoutDetails } from '../../fuzz/engine/guard';
import { minimised } from '../../fuzz/engine/minimise';
import { repeated } from '../../fuzz/mutators/mutator';
import type { FuzzTarget } from '../../fuzz/target';
import { targets } from '../../fuzz/targets';

function targetOf(run: FuzzTarget['run']): FuzzTarget {
  return { title: 'A parser', seeds: () => [], mutate: (input) => input, run };
}
const found = (run: FuzzTarget['run']) => runGuarded(targetOf(run), new Uint8Array());

describe('runGuarded', () => {
  it('gives the outcome where nothing is wrong', () => {
    assert.deepEqual(
      found(() => 'read'),
      { outcome: 'read' },
    );
  });

  it('finds errors that are not the own ones of the parser, the same by the same name', () => {
    const failing = (length: number) =>
      found(() => {
        throw new RangeError(`no place for ${length} of "${'x'.repeat(length)}"`);
      }).defect;
    assert.equal(failing(3)?.kind, 'error');
    assert.match(failing(3)?.text ?? '', /RangeError: no place.*\n +at /);
    assert.equal(failing(3)?.identity, failing(12)?.identity);
  });

  it('finds what is added to what all objects share, and takes it away', () => {
    const { defect } = found(() => {
      Object.assign(Object.prototype, { polluted: true });
      return 'read';
    });
    assert.equal(defect?.kind, 'prototype');
    assert.ok(!('polluted' in {}));
  });

  it('finds what takes too much memory', () => {
    const kept: Uint8Array[] = [];
    assert.equal(found(() => `read ${kept.push(new Uint8Array(2 ** 28))}`).defect?.kind, 'memory');
  });

  it('finds what takes too long', () => {
    const run = () => {
      // By both clocks: threads that other tests left make the processor's go faster than that of the wall.
      const [time, processor] = [performance.now() + 260, process.cpuUsage().user + 260_000];
      while (performance.now() < time || process.cpuUsage().user < processor);
      return 'read';
    };
    assert.equal(found(run).defect?.kind, 'slow');
  }).timeout(60_000);
});

describe('withoutDetails', () => {
  it('leaves what a message says of every input', () => {
    assert.equal(withoutDetails('f (byte 1,234): "a\\"b" has -2.5 \'c\''), 'f (byte 0): "" has 0 ""');
  });
});

describe('minimised', () => {
  it('leaves what is needed', () => {
    const input = Buffer.from('some text before the word and some more behind it');
    const smallest = minimised(input, (smaller) => Buffer.from(smaller).includes('word'));
    assert.equal(Buffer.from(smallest).toString(), 'word');
  });
});

describe('mutations', () => {
  for (const [name, target] of Object.entries(targets)) {
    it(`give the same inputs by the same seed: ${target.title}`, () => {
      const samples = target.seeds();
      const inputs = () => {
        const rng = new Rng(7, name);
        const context = { rng, other: () => rng.pick(samples) };
        return Array.from({ length: 20 }, () => Buffer.from(repeated(target.mutate)(rng.pick(samples), context)));
      };
      const kept = samples.map((sample) => Buffer.from(sample));
      assert.deepEqual(inputs(), inputs());
      assert.deepEqual(
        samples.map((sample) => Buffer.from(sample)),
        kept,
        'the input stays as it is',
      );
    });
  }
});
