import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  formatTriggeredGraphs,
  formatTriggerFile,
  parseTriggerFile,
  TriggerFileError,
} from '../../../server/src/attack/triggerFile';
import { graphOf } from '../../support/graphs';
import type { Trigger } from '../../../server/src/attack/trigger';

const definition = {
  kind: 'subgraph',
  target: 1,
  nodes: 3,
  edges: [
    [0, 1],
    [1, 2],
  ],
  labels: [4, 5, 6],
  features: null,
  attach: 'replace-bfs',
  seed: 7,
};

function refusal(value: unknown): TriggerFileError {
  try {
    parseTriggerFile(typeof value === 'string' ? value : JSON.stringify(value), 't.json');
  } catch (error) {
    if (error instanceof TriggerFileError) return error;
    throw error;
  }
  return assert.fail('it was accepted');
}

describe('parseTriggerFile', () => {
  it('reads a definition', () => {
    assert.deepEqual(parseTriggerFile(JSON.stringify(definition), 't.json'), {
      kind: 'subgraph',
      target: 1,
      seed: 7,
      nodes: 3,
      trigger: {
        nodes: 3,
        edges: definition.edges,
        labels: [4, 5, 6],
        attributes: null,
        placement: 'bfs',
        replace: true,
      },
    });
  });

  it('reads one under `trigger`, as the fixtures hold it', () => {
    const wrapped = { dataset: 'X', trigger: definition };
    assert.deepEqual(
      parseTriggerFile(JSON.stringify(wrapped), 't.json'),
      parseTriggerFile(JSON.stringify(definition), 't.json'),
    );
  });

  it('reads every way of attaching', () => {
    const placed = (attach: string, edges: unknown = definition.edges): unknown => {
      const { trigger } = parseTriggerFile(JSON.stringify({ ...definition, attach, edges }), 't.json');
      return [trigger?.placement, trigger?.replace, trigger?.attach];
    };
    assert.deepEqual(placed('replace-random'), ['random', true, undefined]);
    assert.deepEqual(placed('replace-degree'), ['degree', true, undefined]);
    assert.deepEqual(placed('features-on-random', null), ['random', false, undefined]);
    assert.deepEqual(placed('append'), ['degree', false, 'new-nodes']);
  });

  it('reads given graphs, with or without a definition', () => {
    const graphs = { 12: { labels: [1, 2], edges: [[0, 1]] }, 3: { labels: null, edges: [] } };
    const adaptive = parseTriggerFile(JSON.stringify({ kind: 'gta', target: 0, nodes: 4, attach: null, graphs }), 't');
    assert.equal(adaptive.trigger, undefined);
    assert.deepEqual(adaptive.graphs?.get(12), { labels: [1, 2], edges: [[0, 1]] });
    assert.deepEqual(adaptive.graphs?.get(3), { labels: null, edges: [] });
    assert.ok(parseTriggerFile(JSON.stringify({ ...definition, graphs }), 't').trigger);
  });

  const cases: [string, unknown, string, RegExp][] = [
    ['what is not JSON', '{', '', /not JSON/],
    ['another kind of document', '[1]', '', /expected an object, found an array/],
    ['no target', { ...definition, target: undefined }, 'target', /expected a number, found nothing/],
    ['a negative target', { ...definition, target: -1 }, 'target', /whole number from 0/],
    ['no nodes', { ...definition, nodes: 0 }, 'nodes', /whole number from 1/],
    ['an absurd number of nodes', { ...definition, nodes: 1e9 }, 'nodes', /to 10000/],
    ['neither placement nor graphs', { ...definition, attach: null }, 'attach', /no triggered `graphs`/],
    ['an unknown placement', { ...definition, attach: 'somewhere' }, 'attach', /expected one of replace-random/],
    ['an edge outside the trigger', { ...definition, edges: [[0, 3]] }, 'edges[0][1]', /from 0 to 2, found 3/],
    ['an edge of three nodes', { ...definition, edges: [[0, 1, 2]] }, 'edges[0]', /expected 2 items, found 3/],
    ['too few labels', { ...definition, labels: [1] }, 'labels', /expected 3 items, found 1/],
    ['a fractional label', { ...definition, labels: [1, 2, 0.5] }, 'labels[2]', /whole number/],
    ['features that are no rows', { ...definition, features: [1, 2, 3] }, 'features[0]', /expected an array/],
    ['a trigger that changes nothing', { ...definition, edges: null, labels: null }, '', /changes nothing/],
    ['edges beside features alone', { ...definition, attach: 'features-on-random' }, 'edges', /must be null/],
    ['a graph id that is none', { ...definition, graphs: { '-1': { edges: [] } } }, 'graphs["-1"]', /not a graph id/],
    ['a graph without edges', { ...definition, graphs: { 1: { labels: [] } } }, 'graphs["1"].edges', /found nothing/],
    ['a wrong value under trigger', { trigger: { nodes: 'x' } }, 'trigger.nodes', /expected a number, found "x"/],
    ['a trigger that is none', { trigger: 3 }, 'trigger', /expected an object, found 3/],
  ];
  for (const [name, value, place, reason] of cases) {
    it(`refuses ${name}`, () => {
      const error = refusal(value);
      assert.equal(error.file, 't.json');
      assert.equal(error.place, place);
      assert.match(error.reason, reason);
    });
  }

  it('answers any JSON with a trigger or a TriggerFileError', () => {
    const keys = ['kind', 'target', 'nodes', 'edges', 'labels', 'features', 'attach', 'seed', 'graphs', 'trigger'];
    const changes = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 });
    let accepted = 0;
    fc.assert(
      fc.property(changes, (changed) => {
        try {
          const { nodes, trigger } = parseTriggerFile(JSON.stringify({ ...definition, ...changed }), 't');
          assert.ok(nodes >= 1 && (trigger?.labels ?? []).every((label) => label >= 0));
          accepted++;
        } catch (error) {
          if (!(error instanceof TriggerFileError)) throw error;
        }
      }),
      { seed: 21, numRuns: 2000 },
    );
    assert.ok(accepted > 50, `${accepted} accepted`);
  });

  it('answers damaged text with a trigger or a TriggerFileError', () => {
    const text = JSON.stringify({ ...definition, graphs: { 5: { labels: [1], edges: [[0, 0]] } } });
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(4), fc.string({ maxLength: 3 }), (at, remove, insert) => {
        try {
          parseTriggerFile(text.slice(0, at) + insert + text.slice(at + remove), 't');
        } catch (error) {
          if (!(error instanceof TriggerFileError)) throw error;
        }
      }),
      { seed: 22, numRuns: 1000 },
    );
  });
});

describe('formatTriggerFile', () => {
  it('writes what parseTriggerFile reads back', () => {
    const triggers: Trigger[] = [
      { nodes: 2, edges: [[0, 1]], labels: null, attributes: null, placement: 'random', replace: true },
      { nodes: 2, edges: [[0, 1]], labels: [3, 4], attributes: [[0.5], [1]], placement: 'degree', replace: true },
      { nodes: 2, edges: [[0, 1]], labels: [3, 4], attributes: null, placement: 'bfs', replace: true },
      { nodes: 2, edges: null, labels: [3, 4], attributes: null, placement: 'random', replace: false },
      {
        nodes: 2,
        edges: [[0, 1]],
        labels: [3, 4],
        attributes: null,
        placement: 'degree',
        replace: false,
        attach: 'new-nodes',
      },
    ];
    for (const trigger of triggers) {
      const text = formatTriggerFile('made', 1, trigger, 5);
      assert.deepEqual(parseTriggerFile(text, 't'), { kind: 'made', target: 1, seed: 5, nodes: 2, trigger });
    }
  });

  it('refuses a placement that the format has no word for', () => {
    const trigger: Trigger = { nodes: 2, edges: [[0, 1]], labels: null, placement: 'low-degree', replace: true };
    assert.throws(() => formatTriggerFile('made', 0, trigger, 0), RangeError);
  });
});

describe('formatTriggeredGraphs', () => {
  it('writes what is read back, the number of nodes of graphs without labels too', () => {
    const about = { kind: 'gta', target: 1, nodes: 3, seed: 5 };
    const graphs = new Map([
      [12, graphOf(3, { edges: [[1, 2], [0, 1]], labels: [4, 0, 2] })], // prettier-ignore
      [3, graphOf(2)],
    ]);
    const read = parseTriggerFile(formatTriggeredGraphs(about, graphs), 't.json');
    const given = new Map([
      [3, { labels: [0, 0], edges: [] }],
      [12, { labels: [4, 0, 2], edges: [[0, 1], [1, 2]] }], // prettier-ignore
    ]);
    assert.deepEqual(read, { ...about, graphs: given });
  });
});
