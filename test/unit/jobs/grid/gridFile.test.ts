import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GridFileError, parseGrid } from '../../../../server/src/jobs/grid/gridFile';
import { gridsFolder, readGrid } from '../../../support/grids';

const smallest = {
  title: 'T',
  data: [{ name: 'A', folder: 'data/A' }],
  attacks: [{ kind: 'none' }],
  architectures: [{ kind: 'gin' }],
  defenses: [{ method: 'finetune' }],
};

describe('parseGrid', () => {
  const file = path.resolve('some', 'grid.json');
  const parse = (grid: unknown): ReturnType<typeof parseGrid> => parseGrid(JSON.stringify(grid), file);

  it('fills in defaults and finds folders beside the file', () => {
    assert.deepEqual(parse(smallest), {
      name: 'grid',
      title: 'T',
      description: '',
      data: [{ name: 'A', source: { folder: path.resolve('some/data/A') }, features: 'labels-dense', target: 0, auxiliary: undefined }], // prettier-ignore
      attacks: [{ name: 'none', kind: 'none', options: {} }],
      architectures: [{ name: 'gin', kind: 'gin', layers: 3, hidden: 64, readout: 'sum', batchNorm: true }],
      training: { epochs: 50, learningRate: 0.01, batchSize: 32 },
      defenses: [{ name: 'finetune', method: 'finetune', options: {}, cleanSet: 'own' }],
      holdingRates: [0.03],
      attackSeeds: [0],
      defenseSeeds: [0],
      attention: false,
      goal: [],
      plot: undefined,
    });
  });

  it('finds folders elsewhere by their last names', () => {
    const [data] = parseGrid(JSON.stringify(smallest), file, 'tu').data;
    assert.deepEqual(data.source, { folder: path.join('tu', 'A') });
  });

  const faults: readonly [object, string, RegExp][] = [
    [{ ...smallest, seeds: [1] }, '["seeds"]', /not known here; there are title, /],
    [{ ...smallest, data: [] }, 'data', /at least one/],
    [{ ...smallest, data: [{ name: 'A' }] }, 'data[0]', /either a folder or synthetic/],
    [{ ...smallest, data: [{ name: 'A/B', folder: '.' }] }, 'data[0].name', /letters, digits/],
    [
      { ...smallest, data: [{ name: 'A', folder: '.', features: 'attributes' }] },
      'data[0].features',
      /one of labels, /,
    ],
    [{ ...smallest, attacks: [{ kind: 'magic' }] }, 'attacks[0].kind', /one of none, /],
    [{ ...smallest, attacks: [{ kind: 'none', target: 1 }] }, 'attacks[0]["target"]', /not known here/],
    [
      { ...smallest, attacks: [{ kind: 'gta', density: 0.5 }] },
      'attacks[0]["density"]',
      /not known here; there are name, kind, target, poisoningRate, triggerNodes, rounds, generatorEpochs$/,
    ],
    [{ ...smallest, architectures: [{ kind: 'gin', layers: 0 }] }, 'architectures[0].layers', /from 1 to 5/],
    [{ ...smallest, architectures: [{ kind: 'gin', heads: 2 }] }, 'architectures[0]["heads"]', /not known here/],
    [{ ...smallest, architectures: [{ kind: 'gat', heads: 3 }] }, 'architectures[0].heads', /a divisor of the 64/],
    [{ ...smallest, defenses: [{ method: 'none' }] }, 'defenses[0].method', /one of graphnad, /],
    [
      { ...smallest, defenses: [{ method: 'finetune', options: { epochs: 3 } }] },
      'defenses[0].options["epochs"]',
      /not known here/,
    ],
    [
      { ...smallest, defenses: [{ method: 'finetune', options: { fineTuneEpochs: 'many' } }] },
      'defenses[0].options.fineTuneEpochs',
      /a number/,
    ],
    [
      { ...smallest, defenses: [{ method: 'finetune', options: { fineTuneEpochs: 0.5 } }] },
      'defenses[0].options.fineTuneEpochs',
      /a whole number from 1 .*found 0.5/,
    ],
    [{ ...smallest, defenses: [{ method: 'finetune' }, { method: 'finetune' }] }, 'defenses[1]', /taken by defenses/],
    [{ ...smallest, defenses: [{ name: 'gin', method: 'finetune' }] }, 'defenses[0]', /taken by architectures\[0\]/],
    [{ ...smallest, defenses: [{ method: 'finetune', cleanSet: 'auxiliary' }] }, 'data[0]', /auxiliary is missing/],
    [{ ...smallest, holdingRates: [0.03, 0] }, 'holdingRates[1]', /a share above 0/],
    [{ ...smallest, attackSeeds: [1, 2, 1] }, 'attackSeeds[2]', /stands here twice/],
    [{ ...smallest, attackSeeds: [-1] }, 'attackSeeds[0]', /a whole number from 0/],
    [{ ...smallest, training: { learningRate: 0 } }, 'training.learningRate', /a number above 0/],
    [{ ...smallest, goal: ['nad'] }, 'goal[0]', /one of finetune/],
    [[], '', /expected an object/],
  ];
  for (const [grid, place, reason] of faults) {
    it(`says where and why: ${place || 'the whole file'}`, () => {
      assert.throws(() => parse(grid), (error) => {
        assert.ok(error instanceof GridFileError);
        assert.deepEqual([error.file, error.place], [file, place]);
        assert.match(error.reason, reason);
        return true;
      }); // prettier-ignore
    });
  }

  it('answers anything else with its own error', () => {
    const own = (text: string): void => {
      try {
        parseGrid(text, file);
      } catch (error) {
        assert.ok(error instanceof GridFileError, String(error));
      }
    };
    own('{');
    const text = JSON.stringify(smallest);
    fc.assert(fc.property(fc.nat(text.length), fc.string(), (place, insert) => own(text.slice(0, place) + insert + text.slice(place + 1))), { seed: 7, numRuns: 500 }); // prettier-ignore
    fc.assert(fc.property(fc.constantFrom(...Object.keys(smallest)), fc.jsonValue(), (key, value) => own(JSON.stringify({ ...smallest, [key]: value }))), { seed: 7, numRuns: 500 }); // prettier-ignore
  });

  it('reads every grid of the repository', () => {
    const names = readdirSync(gridsFolder).filter((name) => name.endsWith('.json'));
    assert.ok(names.length > 0);
    for (const name of names) assert.notEqual(readGrid(path.basename(name, '.json')).description, '');
    assert.ok(!names.some((name) => /"\/|:\\\\/.test(readFileSync(path.join(gridsFolder, name), 'utf8'))));
  });
});
