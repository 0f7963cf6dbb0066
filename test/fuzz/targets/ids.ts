import assert from 'node:assert/strict';
import { ManifestError } from '../../../server/src/jobs/manifest/readManifest';
import { parseIds } from '../../../server/src/jobs/manifest/modelSettings';
import { readOrRefused } from '../checks/refusal';
import { jsonMutator } from '../mutators/json';
import { jsonInput } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'Lists of graph ids',
  seeds: () => [jsonInput([]), jsonInput([0, 1, 5, 100])],
  mutate: jsonMutator(),
  run(input) {
    const fail = (reason: string) => new ManifestError('graphnad.json', 'ids.json', reason);
    const { value: ids, refusal } = readOrRefused([ManifestError], () =>
      parseIds(Buffer.from(input).toString('utf8'), fail),
    );
    if (ids === undefined) return refusal;
    assert.ok(
      ids.every((id) => Number.isInteger(id) && id >= 0),
      'ids are whole numbers from 0',
    );
    return 'read';
  },
};
