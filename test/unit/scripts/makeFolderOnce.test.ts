import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolderOnce } from '../../../scripts/lib/makeFolderOnce';
import { useTmpFolder } from '../../support/tmpFolder';

describe('makeFolderOnce', () => {
  const folder = useTmpFolder();
  const target = (): string => path.join(folder(), 'made');
  const fill = (partial: string): Promise<void> => Promise.resolve(writeFileSync(path.join(partial, 'file'), 'whole'));

  it('makes the folder whole', async () => {
    assert.equal(await makeFolderOnce(target(), fill), target());
    assert.equal(readFileSync(path.join(target(), 'file'), 'utf8'), 'whole');
    assert.deepEqual(readdirSync(folder()), ['made']);
  });

  it('makes it once', async () => {
    await makeFolderOnce(target(), fill);
    await makeFolderOnce(target(), () => Promise.reject(new Error('built twice')));
  });

  it('leaves nothing behind when building fails, and can be repeated', async () => {
    const half = async (partial: string): Promise<void> => {
      await fill(partial);
      throw new Error('out of disk');
    };
    await assert.rejects(makeFolderOnce(target(), half), /out of disk/);
    assert.deepEqual(readdirSync(folder()), []);
    await makeFolderOnce(target(), fill);
  });

  it('removes what a killed attempt left, and nothing of one that is at work', async () => {
    const never = 2 ** 30;
    mkdirSync(`${target()}.partial-${never}`);
    mkdirSync(`${target()}.partial-${process.ppid}`);
    await makeFolderOnce(target(), fill);
    assert.equal(existsSync(`${target()}.partial-${never}`), false);
    assert.equal(existsSync(`${target()}.partial-${process.ppid}`), true);
  });

  it('takes the result of a faster process', async () => {
    await makeFolderOnce(target(), async (partial) => {
      await fill(partial);
      mkdirSync(target());
      writeFileSync(path.join(target(), 'file'), 'theirs');
    });
    assert.equal(readFileSync(path.join(target(), 'file'), 'utf8'), 'theirs');
    assert.deepEqual(readdirSync(folder()), ['made']);
  });
});
