import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { plainReason, readText } from '../../../server/src/jobs/readText';
import { useTmpFolder } from '../../support/tmpFolder';

describe('readText', () => {
  const at = useTmpFolder();
  const fail = (reason: string): Error => new RangeError(reason);

  it('reads UTF-8', async () => {
    writeFileSync(at('a.json'), '{"å": 1}');
    assert.equal(await readText(at('a.json'), fail), '{"å": 1}');
  });

  it('throws what is made of a reason in plain words', async () => {
    writeFileSync(at('file'), '');
    for (const [file, message] of [
      [at('none'), 'there is no such file'],
      [at(), 'this is a folder, not a file'],
      [at('file', 'below'), 'a part of the path is a file, not a folder'],
    ]) {
      await assert.rejects(readText(file, fail), { name: 'RangeError', message });
    }
  });
});

describe('plainReason', () => {
  it('falls back on what the system says', () => {
    assert.equal(plainReason(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })), 'EIO: i/o error');
    assert.equal(plainReason('odd'), 'odd');
    assert.equal(plainReason(undefined), 'undefined');
  });
});
