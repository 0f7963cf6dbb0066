import assert from 'node:assert/strict';
import path from 'node:path';
import { cellsOf } from '../../../../server/src/jobs/grid/cells';
import type { Grid } from '../../../../server/src/jobs/grid/grid';
import { planCells, type PlannedCell } from '../../../../server/src/jobs/grid/plan';
import { readGrid } from '../../../support/grids';

describe('planCells', () => {
  const grid = readGrid('smoke');
  const hashes = new Map([['MOLECULES', 'abc']]);
  const plan = (changed: Partial<Grid> = {}, dataHashes = hashes): PlannedCell[] => {
    const one = { ...grid, ...changed };
    return planCells(one, cellsOf(one), dataHashes, 'models');
  };
  const keys = (planned: readonly PlannedCell[]): string[] => planned.map(({ defend }) => defend.key);

  it('trains a suspect once for all its defenses, and a benign model once for all suspects', () => {
    const planned = plan();
    const suspects = new Set(planned.map(({ defend }) => defend.needs[1]));
    assert.equal(suspects.size, 4);
    const measures = planned.filter(({ cell }) => cell.attack === 'subgraph').map(({ measure }) => measure);
    assert.equal(new Set(measures).size, 2);
    const [attacked, benign] = measures[0].needs;
    assert.ok(suspects.has(attacked) && suspects.has(benign));
    assert.ok(attacked.task.step === 'train' && benign.task.step === 'train');
    assert.equal(attacked.task.spec.attack.kind, 'subgraph');
    assert.equal(benign.task.spec.attack.kind, 'none');
    assert.equal(benign.task.folder, path.join('models', benign.key));
  });

  it('gives the defense no word of the attack but the folder of the model', () => {
    // The trigger is read from there after the defense has ended; see `defendSuspect`.
    const { task } = plan()[0].defend;
    assert.ok(task.step === 'defend');
    assert.deepEqual(Object.keys(task).sort(), ['attention', 'defense', 'folder', 'holdingRate', 'kind', 'seed', 'spec', 'step']); // prettier-ignore
  });

  it('has the same keys for what is the same, whatever it is called and wherever it lies', () => {
    const renamed = plan({
      name: 'other',
      title: 'Other',
      data: [{ ...grid.data[0], name: 'M2', source: { folder: 'elsewhere' } }],
      attacks: grid.attacks.map((attack) => ({ ...attack, name: `${attack.name} 2` })),
      architectures: [{ ...grid.architectures[0], name: 'small' }],
      defenses: grid.defenses.map((defense) => ({ ...defense, name: `${defense.name} 2` })),
      goal: [],
    }, new Map([['M2', 'abc']])); // prettier-ignore
    assert.deepEqual(keys(renamed), keys(plan()));
    const spelled = plan({
      defenses: [
        grid.defenses[0],
        { ...grid.defenses[1], options: { ...grid.defenses[1].options, attentionPower: 2 } },
      ],
    });
    assert.deepEqual(keys(spelled), keys(plan()), 'a default that is spelled out');
  });

  it('has other keys for whatever changes a result', () => {
    const base = keys(plan());
    const [data] = grid.data;
    const [architecture] = grid.architectures;
    const changes: Partial<Grid>[] = [
      { data: [{ ...data, features: 'degree' }] },
      { architectures: [{ ...architecture, hidden: 9 }] },
      { architectures: [{ ...architecture, readout: 'mean' }] },
      { architectures: [{ ...architecture, batchNorm: false }] },
      { training: { ...grid.training, epochs: 5 } },
      { attackSeeds: [2, 3] },
      { defenseSeeds: [1] },
      { holdingRates: [0.05, 0.06] },
      { attention: false },
      {
        defenses: grid.defenses.map((defense) => ({ ...defense, options: { ...defense.options, fineTuneEpochs: 4 } })),
      },
    ];
    for (const change of changes) {
      const shared = keys(plan(change)).filter((key) => base.includes(key));
      assert.deepEqual(shared, [], JSON.stringify(change));
    }
    assert.ok(!keys(plan({}, new Map([['MOLECULES', 'abd']]))).some((key) => base.includes(key)));
    // The target matters where there is an attack.
    const aimed = plan({ data: [{ ...data, target: 0 }] });
    const same = aimed.filter(({ defend }) => base.includes(defend.key)).map(({ cell }) => cell.attack);
    assert.deepEqual(new Set(same), new Set(['none']));
  });
});
