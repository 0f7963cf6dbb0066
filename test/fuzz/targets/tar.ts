import assert from 'node:assert/strict';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { looksLikeTar, readTar } from '../../../server/src/checkpoint/tar';
import { readOrRefused } from '../checks/refusal';
import { bytesMutator } from '../mutators/bytes';
import { tarMutator } from '../mutators/tar';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'Tar archives',
  code: /^server\/src\/checkpoint\/tar/,
  seeds: () => samples('formats/pytorch', /^tar\.pt$/),
  mutate: tarMutator(bytesMutator()),
  run(input) {
    looksLikeTar(input);
    const { value: members, refusal } = readOrRefused([CheckpointError], () => readTar(input, 'sample'));
    if (members === undefined) return refusal;
    for (const { start, data } of members) assert.ok(start + data.length <= input.length, 'a member lies in the file');
    return `${Math.min(members.length, 8)} members`;
  },
};
