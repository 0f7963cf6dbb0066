import assert from 'node:assert/strict';
import type { Manifest } from '../../../../protocol/manifest';
import { entryFinder, entryOf } from '../../../../server/src/jobs/manifest/modelEntry';

describe('what a manifest says of a model', () => {
  it('is what the entry with its path says, else the first pattern that matches', () => {
    const entries = ['models/*.pt', '**/gin.pt', './models/gin.pt', 'a[1].pt'];
    const index = entryFinder(entries);
    assert.equal(index('models/gin.pt'), 2);
    assert.equal(index('models/gcn.pt'), 0);
    assert.equal(index('models/old/gin.pt'), 1);
    assert.equal(index('models/old/gcn.pt'), undefined, 'a pattern matches the whole path');
    assert.equal(index('a[1].pt'), 3, 'a path may look like a pattern');
    assert.equal(index('a1.pt'), 3);
    assert.equal(entryFinder([undefined])('a.pt'), undefined);
  });

  const manifest: Manifest = {
    data: { folder: 'all' },
    seed: 3,
    failOn: 'warning',
    severities: { GN202: 'information', GN203: 'error' },
    purify: { holdingRate: 0.1, options: { teacherRounds: 4 }, output: 'out/{name}.pt' },
    models: [
      {
        model: 'own.pt',
        data: { folder: 'own' },
        seed: 0,
        classNames: ['a', 'b'],
        severities: { GN203: 'warning' },
        purify: { options: { studentRounds: 2 } },
      },
      { model: 'other.pt', purify: { method: 'finetune' } },
    ],
  };

  it('puts the entry over what holds for all models', () => {
    assert.deepEqual(entryOf(manifest, 'own.pt'), {
      data: { folder: 'own' },
      seed: 0,
      failOn: 'warning',
      classNames: ['a', 'b'],
      severities: { GN202: 'information', GN203: 'warning' },
      purify: { holdingRate: 0.1, options: { teacherRounds: 4, studentRounds: 2 }, output: 'out/{name}.pt' },
    });
  });

  it('gives settings of one method to no other', () => {
    assert.deepEqual(entryOf(manifest, 'other.pt').purify, {
      holdingRate: 0.1,
      method: 'finetune',
      output: 'out/{name}.pt',
    });
  });

  it('is what holds for all models where it has no entry', () => {
    assert.deepEqual(entryOf({ seed: 1 }, 'x.pt'), { seed: 1, purify: {} });
    assert.deepEqual(entryOf({}, 'x.pt'), { purify: {} });
  });
});
