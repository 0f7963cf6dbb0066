import assert from 'node:assert/strict';
import { inspectCode, inspectCodeByRanges } from '../../../../server/src/checkpoint/inspectCode';
import { openCheckpoint } from '../../../../server/src/checkpoint/openCheckpoint';
import { codeSafetyFindings, codeSafetyVerdict } from '../../../../server/src/scan/codeSafety';
import { maliciousCorpus } from '../../../support/malicious/corpus';
import type { MaliciousSample } from '../../../support/malicious/sample';

/** Reads a sample as a file on a disk is read. */
const asFile = (bytes: Uint8Array) => ({
  length: bytes.length,
  subarray: (start: number, end: number) => bytes.slice(start, end),
});

function told({ bytes, fileName }: MaliciousSample): string {
  const inspection = inspectCode(bytes, fileName);
  const words = codeSafetyFindings(inspection).map(({ message, details }) => [message, ...details].join('\n'));
  if (inspection.inspected) return words.join('\n');
  // What is of no known format is said by whoever would read its tensors.
  try {
    openCheckpoint(bytes, fileName);
    return words.join('\n');
  } catch (error) {
    return [...words, (error as Error).message].join('\n');
  }
}

describe('evasions', () => {
  for (const [group, samples] of Object.entries(maliciousCorpus)) {
    describe(group, () => {
      for (const sample of samples) {
        it(sample.title + (sample.source === undefined ? '' : `: ${sample.source}`), () => {
          assert.match(told(sample), sample.finds);
          const inMemory = inspectCode(sample.bytes, sample.fileName);
          const byRanges = inspectCodeByRanges(asFile(sample.bytes), sample.fileName);
          assert.deepEqual(byRanges.globals, inMemory.globals);
          for (const inspection of [inMemory, byRanges]) {
            const verdict = codeSafetyVerdict(inspection);
            if (sample.level === 'dangerous') assert.equal(verdict, 'dangerous');
            else assert.notEqual(verdict, 'safe');
          }
        });
      }
    });
  }

  it('have names of their own', () => {
    const ids = Object.values(maliciousCorpus).flatMap((samples) => samples.map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
  });
});
