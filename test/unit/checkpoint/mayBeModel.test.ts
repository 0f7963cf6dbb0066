import assert from 'node:assert/strict';
import { mayBeModel } from '../../../server/src/checkpoint/mayBeModel';
import { fixture, fixtureNames } from './fixtureFiles';
import { CountedSource } from './sampleSource';

describe('mayBeModel', () => {
  it('takes every model for one', () => {
    for (const name of fixtureNames) assert.ok(mayBeModel(fixture(name), name), name);
  });

  it('reads little of what is none', () => {
    const source = new CountedSource(Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(1 << 22, 1)]));
    assert.equal(mayBeModel(source, 'f'), false);
    assert.ok(source.asked < 1 << 18, String(source.asked));
  });
});
