import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { PurifyReport } from '../../../protocol/reports';
import type { RawGraph } from '../../../server/src/dataset/dataset';
import { makeMolecules } from '../../../server/src/dataset/synthetic';
import { formatTu } from '../../../server/src/dataset/tuWriter';
import { Rng } from '../../../server/src/graph/rng';
import { purifyModel } from '../../../server/src/jobs/purifyTask';
import { ReceiptMismatchError } from '../../../server/src/jobs/receiptDifferences';
import type { PurifyTask, RepeatedRun } from '../../../server/src/jobs/tasks';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

/** All stages of the default method, in few steps. */
const quick = { fineTuneEpochs: 2, poolSize: 32, teacherRounds: 1, studentRounds: 1 };

describe('what a purification follows from', function () {
  this.timeout(120_000);
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  const purify = (more: Partial<PurifyTask>): Promise<PurifyReport> =>
    purifyModel(
      {
        ...{ kind: 'purify', model: workspace().model, data: workspace().data, output: more.output ?? at('out.pt') },
        ...{ holdingRate: 0.2, backend: 'graphnad', seed: 5, options: quick, overwrite: true },
        ...more,
      },
      { signal: new AbortController().signal, progress: () => undefined },
    );

  /** What the command line makes of a receipt. */
  const repeated = (
    { receipt }: PurifyReport,
    bound: RepeatedRun['bound'] = ['model', 'data'],
  ): Partial<PurifyTask> => {
    const config = JSON.parse(JSON.stringify(receipt)) as RepeatedRun['config'];
    const { cleanIds, options, seed, backend } = config;
    return {
      ...{ cleanIds, options, seed, backend, holdingRate: undefined, output: at('again.pt') },
      repeats: { file: at('receipt.json'), config, bound },
    };
  };

  let first: PurifyReport;

  before(async () => {
    first = await purify({ output: `${workspace().folder}/first.pt` });
  });

  it('is in its receipt: the same bytes again, and the report says so', async () => {
    assert.equal(first.receipt.cleanIds.length, 20);
    assert.equal(first.receipt.outputSha256, first.outputSha256);
    assert.deepEqual(first.receipt.options, first.settings.options);
    const second = await purify(repeated(first));
    assert.deepEqual(readFileSync(at('again.pt')), readFileSync(first.output));
    assert.deepEqual(second.receipt, first.receipt);
    assert.ok(second.notes.includes('The purified file has the same bytes as the one of the receipt.'));
    assert.deepEqual(second.stages, first.stages);

    const other = await purify({ ...repeated(first), seed: 6 });
    assert.notEqual(other.outputSha256, first.outputSha256);
    assert.ok(other.notes.some((note) => note.endsWith('not the one of the receipt: seed 6 instead of 5.')));
  });

  it('has to be there still, where it is taken from the receipt', async () => {
    const model = at('changed.pt');
    cpSync(first.output, model);
    await assert.rejects(purify({ ...repeated(first), model }), (error) => {
      assert.ok(error instanceof ReceiptMismatchError);
      assert.equal(error.file, model);
      assert.match(error.message, /not the model of the receipt any more: its SHA-256 is .*, in the receipt it is /);
      return true;
    });
    const named = await purify({ ...repeated(first, []), model });
    assert.ok(named.notes.some((note) => /not the one of the receipt: model with SHA-256 .* instead of/.test(note)));

    const data = changedData(at('data'), first.receipt.cleanIds);
    await assert.rejects(purify({ ...repeated(first), data }), /not the data set of the receipt/);
  });

  it('is neither a test graph nor the true trigger', async () => {
    const { cleanIds } = first.receipt;
    const trigger = (nodes: number): string => {
      const edges = Array.from({ length: nodes - 1 }, (_, v) => [v, v + 1]);
      const file = at(`trigger-${nodes}.json`);
      writeFileSync(file, JSON.stringify({ kind: 'test', target: nodes % 2, nodes, edges, attach: 'replace-degree' }));
      return file;
    };
    const changed = { holdingRate: undefined, cleanIds, data: changedData(at('data'), cleanIds) };
    const runs = [
      await purify({ trigger: trigger(3) }),
      await purify({ trigger: trigger(4) }),
      await purify({ ...changed, trigger: trigger(3) }),
      await purify({ ...changed, testIds: [...Array(10).keys()].filter((id) => !cleanIds.includes(id)) }),
    ];
    for (const run of runs) assert.equal(run.outputSha256, first.outputSha256);
    // What was changed does count in the report.
    const accuracies = [first, ...runs].map(({ stages }) => stages[0].estimated.acc);
    assert.equal(new Set(accuracies).size, 3);
    assert.notDeepEqual(runs[0].stages[0].true, runs[1].stages[0].true);
  });

  it('is no model that was never poisoned: that one is measured beside the others, and not in the receipt', async () => {
    const edges = [
      [0, 1],
      [1, 2],
    ];
    writeFileSync(at('trigger.json'), JSON.stringify({ kind: 'test', target: 0, nodes: 3, edges, attach: 'append' }));
    const trigger = at('trigger.json');
    const seed = 6;
    const without = await purify({ trigger, seed });
    assert.notEqual(without.outputSha256, first.outputSha256);
    const { benign, ...rest } = await purify({ trigger, seed, benign: first.output });
    assert.equal(benign?.file, first.output);
    assert.equal(benign.sha256, first.outputSha256);
    assert.equal(rest.outputSha256, without.outputSha256);
    assert.deepEqual([rest.receipt, rest.stages], [without.receipt, without.stages]);
    const itself = await purify({ trigger, seed, benign: workspace().model });
    assert.deepEqual([itself.benign?.estimated, itself.benign?.true], [rest.stages[0].estimated, rest.stages[0].true]);
    assert.notDeepEqual(benign.estimated, itself.benign?.estimated);
    assert.equal(without.benign, undefined);
  });
});

/** The data set with all graphs spoiled but the clean ones: other classes, edges gone, labels in another order. */
function changedData(folder: string, cleanIds: readonly number[]): string {
  const molecules = makeMolecules('TINY', { graphs: 120, seed: 1 });
  const rng = new Rng(1, 'spoil');
  const spoiled = (graph: RawGraph): RawGraph => ({
    ...graph,
    classLabel: rng.integer(2),
    edges: graph.edges.slice(0, 2 * Math.ceil(graph.edges.length / 4)),
    nodeLabels: Int32Array.from(rng.permutation(graph.nodeCount), (v) => graph.nodeLabels[v]),
  });
  const rawGraphs = molecules.rawGraphs.map((graph, id) => (cleanIds.includes(id) ? graph : spoiled(graph)));
  const target = `${folder}/TINY`;
  mkdirSync(target, { recursive: true });
  for (const [name, text] of formatTu({ ...molecules, rawGraphs })) writeFileSync(`${target}/${name}`, text);
  return target;
}
