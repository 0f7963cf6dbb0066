import assert from 'node:assert/strict';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { readZip } from '../../../server/src/checkpoint/zip/readZip';
import { replaceEntries } from '../../../server/src/checkpoint/zip/replaceEntries';
import { rawZip } from '../../unit/checkpoint/zipAssembler';
import { CountedSource } from '../../unit/checkpoint/sampleSource';
import { readOrRefused } from '../checks/refusal';
import { withoutDetails } from '../engine/guard';
import { bytesMutator } from '../mutators/bytes';
import { zipMutator } from '../mutators/zip';
import type { FuzzTarget } from '../target';

const content = 'what is in it, what is in it, what is in it';

export const target: FuzzTarget = {
  title: 'Zip archives',
  code: /^server\/src\/checkpoint\/zip\//,
  seeds: () => [
    rawZip([]),
    rawZip([{ name: 'a', data: content }]),
    rawZip([
      { name: 'a', data: content, deflate: true },
      { name: 'b/c', data: '' },
    ]),
    rawZip([{ name: 'a', data: content }], { prefix: 'before', between: 'between', suffix: 'after', comment: 'said' }),
  ],
  mutate: zipMutator(() => bytesMutator()),
  run(input) {
    const read = (source: ConstructorParameters<typeof CountedSource>[0] | CountedSource) =>
      readOrRefused([CheckpointError], () => readZip(source, 'sample'));
    const { value: zip, refusal } = read(input);
    const byRanges = read(new CountedSource(input));
    if (zip === undefined) {
      assert.equal(byRanges.refusal, refusal, 'read by ranges, it is refused as well');
      return refusal;
    }
    for (const { range, data, fault } of zip.entries) {
      assert.ok(range.start >= 0 && range.start <= range.end && range.end <= input.length, 'an entry lies in the file');
      assert.ok(fault === undefined || data.length === 0, 'what cannot be read is empty');
    }
    for (const { start, end } of zip.unclaimed) {
      assert.ok(start >= 0 && start < end && end <= input.length, 'what belongs to no entry lies in the file');
    }
    assert.deepEqual(
      byRanges.value?.entries.map(({ name, data }) => [name, Buffer.from(data)]),
      zip.entries.map(({ name, data }) => [name, Buffer.from(data)]),
      'read by ranges, it holds the same',
    );
    const written = rewritten(input, zip.entries);
    return [...new Set(zip.anomalies.map(({ reason }) => withoutDetails(reason)))].slice(0, 1).join() + written;
  },
};

/** Writes the first entry again, as it is. */
function rewritten(input: Uint8Array, entries: readonly { name: string; data: Uint8Array }[]): string {
  if (entries.length === 0) return '';
  const [{ name, data }] = entries;
  const { value, refusal } = readOrRefused([CheckpointError], () =>
    replaceEntries(input, new Map([[name, data]]), 'sample'),
  );
  if (value === undefined) return refusal;
  const again = readZip(value, 'sample').entries.find((entry) => entry.name === name);
  assert.deepEqual(Buffer.from(again?.data ?? []), Buffer.from(data), 'written again, an entry is the same');
  return ' written';
}
