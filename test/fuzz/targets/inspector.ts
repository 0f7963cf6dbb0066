import assert from 'node:assert/strict';
import type { CodeInspection } from '../../../server/src/checkpoint/codeInspector';
import { inspectCode, inspectCodeByRanges } from '../../../server/src/checkpoint/inspectCode';
import { CountedSource } from '../../unit/checkpoint/sampleSource';
import { fileMutator } from '../mutators/anyFile';
import { modelFileSamples } from '../samples/modelFiles';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'Code inspector',
  code: /^server\/src\/checkpoint\/(pickle\/|code\/|codeInspector|inspectCode)/,
  seeds: modelFileSamples,
  mutate: fileMutator,
  run(input) {
    const whole = inspectCode(input, 'sample');
    checkPlaces(whole);
    const byRanges = inspectCodeByRanges(new CountedSource(input), 'sample');
    checkPlaces(byRanges);
    const shown = new Set(names(whole));
    assert.ok(
      names(byRanges).every((name) => shown.has(name)),
      'read by ranges, it shows no other code',
    );
    // Of HDF5, alone or in an archive, no more than headers is read, so that what else is in it does not show.
    if (!Buffer.from(input).includes('\x89HDF', 'latin1')) {
      assert.equal(byRanges.inspected, whole.inspected, 'read by ranges, it is known as well');
      assert.equal(names(byRanges).length, shown.size, 'read by ranges, it shows the same code');
    }
    return [
      whole.inspected ? 'known' : 'unknown',
      whole.globals.length > 0 ? 'imports' : '',
      [...new Set(whole.mentions.map(({ kind }) => kind))].sort().join(),
      whole.anomalies.length > 0 ? 'anomalies' : '',
    ].join(' ');
  },
};

function checkPlaces({ globals, anomalies, mentions }: CodeInspection): void {
  for (const { offset } of [...globals, ...anomalies, ...mentions]) {
    assert.ok(offset === undefined || (Number.isInteger(offset) && offset >= 0), 'what is found has a place');
  }
}

function names({ globals, mentions }: CodeInspection): string[] {
  const all = [
    ...globals.map(({ module, name, entry, called }) => `${entry}: ${module}.${name} ${called ? 'called' : ''}`),
    ...mentions.map(({ kind, name, entry }) => `${entry}: ${kind} ${name}`),
  ];
  return [...new Set(all)];
}
