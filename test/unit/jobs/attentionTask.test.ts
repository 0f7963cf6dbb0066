import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type { AttentionGraph } from '../../../protocol/attention';
import type { ArchitectureSummary } from '../../../protocol/model';
import type { TriggerSummary } from '../../../protocol/reports';
import { createPyTorchCheckpoint } from '../../../server/src/checkpoint/createCheckpoint';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { Rng } from '../../../server/src/graph/rng';
import type { FoundEarlier } from '../../../server/src/jobs/attentionTriggers';
import { compareAttention, type AttentionResult, type AttentionTask } from '../../../server/src/jobs/attentionTask';
import { loadCleanData } from '../../../server/src/jobs/cleanData';
import { loadModel } from '../../../server/src/jobs/loadModel';
import { predictModel } from '../../../server/src/jobs/predictTask';
import { unevenness } from '../../../server/src/scan/attentionMeasures';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

const ring: TriggerSummary = {
  ...{ target: 1, nodes: 4, labels: null, placement: 'random', replace: true },
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 3],
  ],
};

describe('compareAttention', function () {
  this.timeout(60_000);
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  let found: FoundEarlier;

  before(async () => {
    const { sha256, recognition } = await loadModel(workspace().model);
    const { dataset } = await loadCleanData(workspace().data, recognition.architecture);
    found = { trigger: ring, model: sha256, data: dataset.hash };
  });

  const compare = (task: Partial<AttentionTask>, signal = new AbortController().signal): Promise<AttentionResult> =>
    compareAttention(
      {
        ...{ kind: 'attention', backend: 'graphnad', model: workspace().model, data: workspace().data, found },
        ...task,
      },
      { signal, progress: () => undefined },
    );

  /** A model of the same kind with other weights. */
  async function otherModel(change: Partial<ArchitectureSummary> = {}): Promise<string> {
    const { recognition } = await loadModel(workspace().model);
    const architecture = { ...recognition.architecture, ...change };
    const model = GraphModel.random(architecture, new Rng(5));
    writeFileSync(at('other.pt'), createPyTorchCheckpoint(model.stateDict()));
    model.dispose();
    return at('other.pt');
  }

  it('compares two models on clean graphs, as they are and with the trigger, the same way twice', async () => {
    const after = await otherModel();
    await compare({ after });
    const tensors = tf.memory().numTensors;
    const { overview, graphs } = await compare({ after });
    assert.equal(tf.memory().numTensors, tensors, 'no tensor is left');
    assert.deepEqual(await compare({ after }), { overview, graphs });

    assert.deepEqual(
      overview.models.map(({ file, layers }) => [file, layers]),
      [
        [workspace().model, 2],
        [after, 2],
      ],
    );
    assert.deepEqual(overview.trigger, { target: 1, source: 'scan', summary: ring });
    assert.equal(overview.graphs.length, 96);
    for (const { classLabel, nodes, clean, triggered } of overview.graphs) {
      assert.ok(clean);
      assert.equal(triggered !== undefined, classLabel !== 1 && nodes > 4, 'where the trigger makes sense');
    }
    for (const view of ['clean', 'triggered'] as const) {
      const changes = overview.ranked[view].map(
        (id) => overview.graphs.find((graph) => graph.id === id)?.[view]?.change,
      );
      assert.deepEqual(
        changes,
        [...changes].sort((a, b) => Number(b) - Number(a)),
      );
      assert.equal(changes.length, graphs.filter((graph) => graph.view === view).length);
    }
    graphs.forEach(checkGraph);
    for (const { before, after: second } of graphs) {
      assert.deepEqual([before.edges, before.labels], [second.edges, second.labels], 'both see the same graph');
      assert.deepEqual([before.model, second.model], [0, 1]);
    }
  });

  it('sees the graphs of the data, and predicts as the model does', async () => {
    const { graphs } = await compare({ after: await otherModel() });
    const { model, data } = workspace();
    const { dataset } = await loadCleanData(data, (await loadModel(model)).recognition.architecture);
    const clean = graphs.filter(({ view }) => view === 'clean');
    const { logits } = await predictModel({ model, data, graphs: clean.map(({ id }) => id) });
    clean.forEach(({ id, classLabel, before }, i) => {
      const raw = dataset.rawGraphs[id];
      assert.equal(classLabel, raw.classLabel);
      assert.deepEqual(before.labels, [...raw.nodeLabels]);
      assert.deepEqual(before.edges.flat(), [...raw.edges]);
      assert.equal(before.predicted, logits[i].indexOf(Math.max(...logits[i])));
    });
  });

  it('finds no change between a model and itself', async () => {
    const { graphs } = await compare({ after: workspace().model });
    for (const { change, before, after } of graphs) {
      assert.equal(change, 0);
      assert.deepEqual(before.layers, after.layers);
    }
  });

  it('compares one model with itself, without and with the trigger', async () => {
    const { overview, graphs } = await compare({});
    assert.equal(overview.models.length, 1);
    assert.deepEqual(overview.ranked.clean, []);
    assert.ok(graphs.length > 0);
    graphs.forEach(checkGraph);
    for (const { view, before, after } of graphs) {
      assert.equal(view, 'triggered');
      assert.deepEqual([before.model, before.triggered, after.model, after.triggered], [0, false, 0, true]);
      assert.equal(after.triggerNodes.length, 4);
      assert.deepEqual(before.triggerNodes, after.triggerNodes);
    }
    assert.ok(graphs.some(({ change }) => change > 0));
  });

  it('searches for a trigger where none was found', async () => {
    const { overview } = await compare({ found: undefined });
    assert.equal(overview.trigger?.source, 'scan');
    assert.ok(overview.trigger.summary);
    for (const other of [{ trigger: { ...ring, labels: [0, 1, 2, 999] } }, { model: 'other' }, { data: 'other' }]) {
      const { overview: again } = await compare({ found: { ...found, ...other } });
      assert.deepEqual(again.trigger, overview.trigger, 'what does not fit is not used');
    }
  });

  it('takes the trigger of a file, and marks the nodes that it appends', async () => {
    const [edges, labels] = [ring.edges, [1, 1, 1, 1]];
    const trigger = { kind: 'subgraph', target: 1, nodes: 4, edges, labels, features: null, attach: 'append', seed: 3 };
    writeFileSync(at('trigger.json'), JSON.stringify(trigger));
    const { overview, graphs } = await compare({ trigger: at('trigger.json') });
    assert.equal(overview.trigger?.source, 'file');
    for (const { before, after } of graphs) {
      const { length } = before.labels;
      assert.deepEqual(after.triggerNodes, [length, length + 1, length + 2, length + 3]);
      assert.equal(after.labels.length, length + 4);
      assert.equal(before.layers[0].attention.length, length);
    }
  });

  it('takes the triggered graphs of a file, and marks what differs', async () => {
    const { graphs: plain } = await compare({});
    const [{ id, before }] = plain;
    const edges = before.edges.slice(1);
    const { architecture } = (await loadModel(workspace().model)).recognition;
    const { nodeLabels } = (await loadCleanData(workspace().data, architecture)).graphs[id];
    const given = { [id]: { labels: [...nodeLabels], edges } };
    const file = { kind: 'gta', target: 1, nodes: 4, edges: null, labels: null, features: null, graphs: given };
    writeFileSync(at('graphs.json'), JSON.stringify(file));
    const { overview, graphs } = await compare({ trigger: at('graphs.json') });
    assert.deepEqual([overview.trigger?.summary, graphs.length], [undefined, 1]);
    assert.deepEqual(graphs[0].after.triggerNodes, [...before.edges[0]]);
    assert.deepEqual(graphs[0].after.edges, edges);
  });

  it('looks at one more graph where it is asked to, and says which there are not', async () => {
    const { overview } = await compare({});
    const { overview: clean } = await compare({ after: workspace().model });
    const ids = clean.graphs.map(({ id }) => id);
    const missing = Array.from({ length: workspace().graphs }, (_, id) => id).find((id) => !ids.includes(id));
    const { overview: more } = await compare({ after: workspace().model, graph: missing });
    assert.deepEqual(
      more.graphs.map(({ id }) => id),
      [...ids, Number(missing)].sort((a, b) => a - b),
    );
    assert.ok(overview.graphs.length < ids.length);
    await assert.rejects(compare({ graph: 120 }), { name: 'SplitError', message: /graph 120 does not exist/ });
  });

  it('refuses models that cannot be set side by side, and says why', async () => {
    await assert.rejects(compare({ after: await otherModel({ layers: 3, eps: [0, 0, 0] }) }), {
      name: 'IncomparableModelsError',
      message: /other\.pt: it has 3 layers, and the model it is compared with 2/,
    });
    await assert.rejects(compare({ after: await otherModel({ classes: 3 }) }), /it has 3 classes/);
    await assert.rejects(compare({ after: at('none.pt') }), { name: 'CheckpointError' });
    await assert.rejects(compare({ trigger: at('none.json') }), { name: 'TriggerFileError' });
  });

  it('stops when it is cancelled', async () => {
    const reason = new Error('enough');
    await assert.rejects(compare({ found: undefined }, AbortSignal.abort(reason)), reason);
  });
});

/** What holds for every graph: unit length, measures that belong to it, a change that follows from the numbers. */
function checkGraph({ change, before, after }: AttentionGraph): void {
  for (const { labels, layers, triggerNodes } of [before, after]) {
    for (const { attention, ...measures } of layers) {
      assert.equal(attention.length, labels.length);
      assert.ok(Math.abs(Math.hypot(...attention) - 1) < 2e-3);
      const expected = unevenness(attention);
      for (const key of ['share', 'gini', 'entropy'] as const)
        assert.ok(Math.abs(measures[key] - expected[key]) < 2e-3);
    }
    assert.deepEqual(
      triggerNodes,
      [...triggerNodes].sort((a, b) => a - b),
    );
  }
  const halves = before.layers.map(({ attention }, layer) => {
    const other = after.layers[layer].attention;
    const nodes = Array.from({ length: Math.max(attention.length, other.length) }, (_, node) => node);
    return nodes.reduce((sum, node) => sum + ((attention[node] ?? 0) - (other[node] ?? 0)) ** 2, 0) / 2;
  });
  const expected = halves.reduce((sum, half) => sum + half, 0) / halves.length;
  assert.ok(Math.abs(change - expected) < 2e-3 && change >= 0 && change <= 1.001);
}
