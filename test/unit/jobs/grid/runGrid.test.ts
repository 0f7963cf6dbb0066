import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { cellsOf, selectCells } from '../../../../server/src/jobs/grid/cells';
import type { Grid } from '../../../../server/src/jobs/grid/grid';
import type { GridProgressReport } from '../../../../server/src/jobs/grid/gridProgress';
import { runGridTask } from '../../../../server/src/jobs/grid/gridTask';
import { resultsFile, runGrid } from '../../../../server/src/jobs/grid/runGrid';
import { cellName, isMeasured, type CellRecord, type FailedCell } from '../../../../server/src/report/grid/record';
import { readGrid } from '../../../support/grids';
import { until } from '../../../support/processes';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('runGrid', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const smoke = readGrid('smoke');

  interface Outcome {
    readonly records: CellRecord[];
    readonly ran: string[];
    readonly progress: GridProgressReport[];
  }

  async function compute(
    out: string,
    { grid = smoke, only = '', retry = false, controller = new AbortController(), before = (): void => undefined } = {},
  ): Promise<Outcome> {
    const ran: string[] = [];
    const progress: GridProgressReport[] = [];
    const records = await runGrid({
      ...{ grid, cells: selectCells(cellsOf(grid), only), out, size: 2, retry, signal: controller.signal },
      run: (task, signal) => {
        before();
        ran.push(task.step);
        return runGridTask(task, { signal, progress: () => undefined });
      },
      onProgress: (report) => progress.push(report),
    });
    return { records, ran, progress };
  }

  /** All that must be the same in every run. */
  const withoutTimes = (records: readonly CellRecord[]): unknown[] =>
    records.map((record) => ({ ...record, seconds: undefined }));
  const lines = (out: string): string[] => readFileSync(resultsFile(out, 'smoke'), 'utf8').split('\n').slice(0, -1);

  it('computes all cells, keeps them, and does nothing in a second run', async () => {
    const before = tf.memory().numTensors;
    const first = await compute(at('out'));
    assert.equal(tf.memory().numTensors, before);
    assert.equal(first.records.length, 16);
    assert.deepEqual(
      ['train', 'measure', 'defend'].map((step) => first.ran.filter((one) => one === step).length),
      [4, 4, 16],
    );
    for (const record of first.records) {
      assert.ok(isMeasured(record));
      const attacked = record.cell.attack === 'subgraph';
      assert.equal(record.before.asr !== undefined, attacked);
      assert.equal(record.floor?.attention?.clean.length, attacked ? 2 : undefined);
      assert.equal(record.der !== undefined, attacked);
      assert.equal(record.cleanGraphs, record.cell.holdingRate === 0.1 ? 12 : 24);
    }
    const { done, total, failed, running } = first.progress[first.progress.length - 1];
    assert.deepEqual([done, total, failed, running], [16, 16, 0, []]);

    const text = readFileSync(resultsFile(at('out'), 'smoke'));
    const second = await compute(at('out'));
    assert.deepEqual(second.ran, []);
    assert.deepEqual(second.records, first.records);
    assert.deepEqual(readFileSync(resultsFile(at('out'), 'smoke')), text);
  });

  it('goes on where a killed run was, to the same results', async () => {
    const out = at('killed');
    const support = path.resolve(__dirname, '../../../support');
    const child = spawn(
      process.execPath,
      ['--require', 'tsx/cjs', path.join(support, 'gridParent.ts'), 'smoke', out],
      { stdio: 'ignore' },
    ); // prettier-ignore
    const ended = once(child, 'exit');
    const file = resultsFile(out, 'smoke');
    await until('three cells', () => existsSync(file) && lines(out).length >= 3, 30_000);
    child.kill('SIGKILL');
    await ended;
    // As if it had been killed while it wrote.
    appendFileSync(file, '{"key":"torn');
    const kept = lines(out);
    const resumed = await compute(out);
    assert.ok(resumed.ran.filter((step) => step === 'defend').length <= 16 - kept.length);
    assert.deepEqual(lines(out).slice(0, kept.length), kept);
    assert.equal(lines(out).length, 16);
    const whole = await compute(at('whole'));
    assert.deepEqual(withoutTimes(resumed.records), withoutTimes(whole.records));
  });

  it('stops when told to, and goes on later', async () => {
    const controller = new AbortController();
    let steps = 0;
    const stopped = compute(at('out'), {
      controller,
      before: () => {
        if (++steps === 5) controller.abort(new Error('cancelled'));
      },
    });
    await assert.rejects(stopped, /cancelled/);
    const leftovers = readdirSync(at('out', 'models')).filter((name) => name.endsWith('.partial'));
    assert.deepEqual(leftovers, []);
    const { records } = await compute(at('out'));
    assert.equal(records.filter(isMeasured).length, 16);
  });

  it('records a cell that fails, with its error and no folder of this machine, and does the rest', async () => {
    const grid: Grid = {
      ...smoke,
      attackSeeds: [0],
      holdingRates: [0.1],
      attacks: [...smoke.attacks, { name: 'hopeless', kind: 'subgraph', options: { triggerNodes: 1000 } }],
    };
    const { records, progress } = await compute(at('out'), { grid });
    const failed = records.filter((record): record is FailedCell => !isMeasured(record));
    assert.deepEqual(
      failed.map(({ cell, failed: { step } }) => [cell.attack, cell.defense, step]),
      [
        ['hopeless', 'finetune', 'attack'],
        ['hopeless', 'graphnad-paper', 'attack'],
      ],
    );
    assert.match(failed[0].failed.message, /no training graph can be poisoned/);
    assert.ok(!JSON.stringify(records).includes(at()));
    assert.equal(progress[progress.length - 1].failed, 2);

    assert.deepEqual((await compute(at('out'), { grid })).ran, [], 'the failure is kept');
    assert.deepEqual((await compute(at('out'), { grid, retry: true })).ran, ['train']);
  });

  it('takes what another grid in the same folder has computed', async () => {
    await compute(at('out'), { only: 's0,10%' });
    const other = {
      ...smoke,
      name: 'other',
      defenses: smoke.defenses.map((one) => ({ ...one, name: `${one.name} 2` })),
    };
    const { ran, records } = await compute(at('out'), { grid: other, only: 's0,10%' });
    assert.deepEqual(ran, []);
    assert.equal(cellName(records[0].cell), 'MOLECULES/none/gin/finetune 2/10%/s0/d0');
    const half = { ...smoke, name: 'half' };
    assert.deepEqual((await compute(at('out'), { grid: half, only: 's0,20%' })).ran, ['defend', 'defend', 'defend', 'defend']); // prettier-ignore
  });

  it('trains a model again whose folder is gone', async () => {
    await compute(at('out'), { only: 's0,10%,finetune,subgraph' });
    rmSync(at('out', 'models'), { recursive: true });
    const { ran } = await compute(at('out'), { only: 's0,20%,finetune,subgraph' });
    assert.deepEqual(ran, ['train', 'defend']);
  });

  it('refuses results that are none', async () => {
    mkdirSync(at('out', 'results'), { recursive: true });
    writeFileSync(resultsFile(at('out'), 'smoke'), 'x\n');
    await assert.rejects(compute(at('out')), { name: 'JsonLinesError' });
  });
});
