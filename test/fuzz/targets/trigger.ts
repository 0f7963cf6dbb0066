import assert from 'node:assert/strict';
import { parseTriggerFile, TriggerFileError } from '../../../server/src/attack/triggerFile';
import { readOrRefused } from '../checks/refusal';
import { jsonMutator } from '../mutators/json';
import { jsonInput } from '../samples/files';
import type { FuzzTarget } from '../target';

const edges = [
  [0, 1],
  [1, 2],
];
const definition = { kind: 'subgraph', target: 1, nodes: 3, edges, labels: [0, 1, 2], attach: 'append', seed: 3 };

export const target: FuzzTarget = {
  title: 'Trigger files',
  code: /^server\/src\/attack\/(triggerFile|json)/,
  seeds: () => [
    jsonInput(definition),
    jsonInput({ trigger: { ...definition, attach: 'replace-degree', features: [[0.5], [1], [2]] } }),
    jsonInput({ kind: 'gta', target: 0, nodes: 3, seed: 1, graphs: { 4: { labels: null, edges } } }),
  ],
  mutate: jsonMutator([
    ...['kind', 'target', 'nodes', 'edges', 'labels', 'features', 'attach', 'seed', 'trigger', 'graphs'],
    ...['replace-random', 'replace-bfs', 'features-on-random', 'append'],
  ]),
  run(input) {
    const read = () => parseTriggerFile(Buffer.from(input).toString('utf8'), 'trigger.json');
    const { value: trigger, refusal } = readOrRefused([TriggerFileError], read);
    if (trigger === undefined) return refusal;
    assert.ok(Number.isInteger(trigger.nodes) && trigger.nodes >= 0, 'the trigger has nodes');
    for (const [u, v] of trigger.trigger?.edges ?? []) {
      assert.ok(u >= 0 && u < trigger.nodes && v >= 0 && v < trigger.nodes, 'edges join nodes of the trigger');
    }
    return trigger.graphs === undefined ? 'a definition' : 'graphs';
  },
};
