import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { programId } from '../../../../server/src/jobs/cache/programId';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('programId', () => {
  const at = useTmpFolder();

  it('changes with any part of the build, and with nothing else', async () => {
    writeFileSync(at('worker.js'), 'one');
    writeFileSync(at('kernels.wasm'), 'two');
    const first = await programId(at());
    assert.equal(await programId(at()), first);
    writeFileSync(at('worker.js.map'), 'not run');
    assert.equal(await programId(at()), first);
    writeFileSync(at('kernels.wasm'), 'six');
    assert.notEqual(await programId(at()), first);
    assert.match(first ?? '', new RegExp(`${process.platform} ${process.arch} `));
  });

  it('is unknown where nothing was built', async () => {
    writeFileSync(at('worker.ts'), 'source');
    assert.equal(await programId(at()), undefined);
  });
});
