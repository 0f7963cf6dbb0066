import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { FileSource } from '../../../server/src/jobs/fileSource';
import { readModelFile } from '../../../server/src/jobs/loadModel';
import { inspectCodeOf, inspectModelCode } from '../../../server/src/jobs/modelCode';
import { codeSafetyVerdict } from '../../../server/src/scan/codeSafety';
import { maliciousCheckpoint } from '../../support/maliciousCheckpoint';
import { useTmpFolder } from '../../support/tmpFolder';
import { Samples } from '../checkpoint/formatSamples';

describe('inspectModelCode', () => {
  const at = useTmpFolder();
  const index = 'pytorch_model.bin.index.json';
  beforeEach(() => new Samples('pytorch').copyTo(at('.')));

  it('looks into every file of a model, in memory and by ranges alike', async () => {
    const clean = inspectModelCode(await readModelFile(at(index)));
    assert.equal(codeSafetyVerdict(clean), 'safe');
    assert.ok(clean.inspected);
    writeFileSync(at('pytorch_model-00002-of-00002.bin'), maliciousCheckpoint());
    const bad = inspectModelCode(await readModelFile(at(index)));
    assert.equal(codeSafetyVerdict(bad), 'dangerous');
    assert.ok(bad.globals.some(({ entry }) => entry.startsWith('pytorch_model-00002-of-00002.bin > ')));
    const byRanges = await FileSource.with(at(index), (file, openBeside) => inspectCodeOf(file, at(index), openBeside));
    assert.deepEqual(byRanges, bad);
  });

  it('says which file is missing, and looks into the others', async () => {
    writeFileSync(at('pytorch_model-00002-of-00002.bin'), maliciousCheckpoint());
    rmSync(at('pytorch_model-00001-of-00002.bin'));
    const found = inspectModelCode(await readModelFile(at(index)));
    assert.equal(codeSafetyVerdict(found), 'dangerous');
    const missing = found.anomalies.find(({ entry }) => entry === 'pytorch_model-00001-of-00002.bin');
    assert.match(missing?.reason ?? '', /^it was not looked into: /);
  });
});
