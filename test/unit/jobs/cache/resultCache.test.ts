import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { isObject, isText } from '../../../../server/src/jobs/cache/checks';
import { entryName } from '../../../../server/src/jobs/cache/entry';
import { ResultCache } from '../../../../server/src/jobs/cache/resultCache';
import { useTmpFolder } from '../../../support/tmpFolder';

interface Result {
  readonly text: string;
}
const isResult = isObject<Result>({ text: isText });

describe('ResultCache', () => {
  const at = useTmpFolder();
  const make = (capacity?: number): ResultCache => new ResultCache({ folder: at('a/b'), capacity });
  const key = (model: string): { model: string } => ({ model });
  const value = async (cache: ResultCache, model: string): Promise<string | undefined> =>
    (await cache.get(key(model), isResult))?.result.text;

  it('keeps results for the next one to ask, in this session or another, with the time they were made', async () => {
    const before = Date.now();
    await make().put(key('m'), { text: 'found' }, isResult);
    const kept = await make().get(key('m'), isResult);
    assert.deepEqual(kept?.result, { text: 'found' });
    const computed = Date.parse(kept?.computed ?? '');
    assert.ok(computed >= before && computed <= Date.now());
    assert.equal(await value(make(), 'other'), undefined);
  });

  it('makes its folder for its user alone, and only when there is something to keep', async () => {
    const cache = make();
    assert.equal(await value(cache, 'm'), undefined);
    assert.deepEqual(readdirSync(at()), []);
    await cache.put(key('m'), { text: 'found' }, isResult);
    if (process.platform !== 'win32') assert.equal(statSync(at('a/b')).mode & 0o777, 0o700);
  });

  it('ignores and replaces what is damaged, foreign or too large', async () => {
    const cache = make();
    const file = at('a/b', entryName(key('m')));
    const damage: (() => void)[] = [
      () => truncateSync(file, 40),
      () => writeFileSync(file, ''),
      () => writeFileSync(file, '{"result":{"text":"planted"}}'),
      () => writeFileSync(file, readFileSync(file, 'utf8').replace('found', 'fOund')),
      () => writeFileSync(file, Buffer.alloc(5_000_000, 32)),
    ];
    for (const spoil of damage) {
      await cache.put(key('m'), { text: 'found' }, isResult);
      assert.equal(await value(cache, 'm'), 'found');
      spoil();
      assert.equal(await value(cache, 'm'), undefined);
    }
  });

  it('drops what was not used for longest when there is too much', async () => {
    const cache = make(20_000);
    const text = 'x'.repeat(1500);
    for (let i = 0; i < 10; i++) {
      await cache.put(key(`m${i}`), { text }, isResult);
      const time = new Date(Date.now() - (100 - i) * 60_000);
      utimesSync(at('a/b', entryName(key(`m${i}`))), time, time);
    }
    assert.equal(await value(cache, 'm0'), text); // used again
    const stale = `.${entryName(key('x'))}.1-0123456789ab.partial`;
    const foreign = ['notes.json', '.notes.partial'];
    for (const name of [stale, ...foreign]) {
      writeFileSync(at('a/b', name), 'y'.repeat(1000));
      utimesSync(at('a/b', name), 1, 1);
    }
    for (let i = 10; i < 16; i++) await cache.put(key(`m${i}`), { text }, isResult);
    assert.equal(await value(cache, 'm0'), text);
    assert.equal(await value(cache, 'm1'), undefined);
    assert.equal(await value(cache, 'm15'), text);
    const names = readdirSync(at('a/b'));
    assert.equal(names.includes(stale), false);
    const own = names.filter((name) => !foreign.includes(name));
    assert.equal(own.length, names.length - foreign.length, 'a file of somebody else is gone');
    const total = own.reduce((sum, name) => sum + statSync(at('a/b', name)).size, 0);
    assert.ok(total <= 22_000, `${total} bytes`);
  });

  it('removes all that was kept, and nothing else', async () => {
    const cache = make();
    await cache.clear(); // nothing there yet
    await Promise.all([
      cache.put(key('m'), { text: 'found' }, isResult),
      make().put(key('n'), { text: 'x' }, isResult),
    ]);
    writeFileSync(at('a/b/notes.json'), '{}');
    const late = cache.put(key('o'), { text: 'on its way' }, isResult);
    await Promise.all([late, cache.clear()]);
    assert.deepEqual(readdirSync(at('a/b')), ['notes.json']);
    await cache.put(key('m'), { text: 'found' }, isResult);
    assert.equal(await value(cache, 'm'), 'found');
  });

  it('says once that it cannot keep anything, and goes on', async () => {
    mkdirSync(at('a'));
    writeFileSync(at('a/b'), 'a file where the folder should be');
    const reasons: string[] = [];
    const cache = new ResultCache({ folder: at('a/b'), onFailure: (reason) => reasons.push(reason) });
    await cache.put(key('m'), { text: 'found' }, isResult);
    await cache.put(key('n'), { text: 'found' }, isResult);
    assert.equal(await value(cache, 'm'), undefined);
    assert.equal(reasons.length, 1);
    assert.equal(readFileSync(at('a/b'), 'utf8'), 'a file where the folder should be');
  });

  it('is shared by processes: whatever one reads while others write and drop entries is whole', async function () {
    this.timeout(60_000);
    const script = `
      require('tsx/cjs');
      const { ResultCache } = require(${JSON.stringify(require.resolve('../../../../server/src/jobs/cache/resultCache'))});
      const isResult = (value) => typeof value.text === 'string';
      const cache = new ResultCache({ folder: ${JSON.stringify(at('shared'))}, capacity: 20000 });
      (async () => {
        let found = 0;
        for (let i = 0; i < 150; i++) {
          const model = 'm' + (i % 4 === 0 ? i % 20 : i % 3); // a few often, and others that drive them out
          const known = await cache.get({ model }, isResult);
          if (known && known.result.text !== model.repeat(700)) process.exit(3);
          found += known ? 1 : 0;
          await cache.put({ model }, { text: model.repeat(700) }, isResult);
        }
        console.log(found);
      })();`;
    const children = [0, 1].map(() =>
      spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    const output = ['', ''];
    children.forEach((child, i) => child.stdout.on('data', (text) => (output[i] += String(text))));
    const ends = await Promise.all(children.map((child) => once(child, 'close')));
    assert.deepEqual(ends, [
      [0, null],
      [0, null],
    ]);
    assert.ok(
      output.every((found) => Number(found) > 0),
      output.join(),
    );
    assert.deepEqual(
      readdirSync(at('shared')).filter((name) => name.endsWith('.partial')),
      [],
    );
  });
});
