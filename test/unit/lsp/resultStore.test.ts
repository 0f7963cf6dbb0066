import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { RemoteConsole } from 'vscode-languageserver';
import { isText } from '../../../server/src/jobs/cache/checks';
import { ResultStore } from '../../../server/src/lsp/resultStore';
import { useTmpFolder } from '../../support/tmpFolder';

describe('ResultStore', () => {
  const at = useTmpFolder();
  let warnings: string[];

  beforeEach(() => {
    warnings = [];
    mkdirSync(at('build'));
    writeFileSync(at('build/worker.js'), 'a program');
  });

  function open(options: unknown): ResultStore {
    const console = { warn: (text: string) => void warnings.push(text) } as unknown as RemoteConsole;
    const store = new ResultStore(console, at('build'));
    store.initialize(options);
    return store;
  }

  async function keepOne(store: ResultStore): Promise<void> {
    const stored = await store.get();
    assert.ok(stored);
    await stored.results.put({ model: 'ab' }, 'found', isText);
  }

  it('has no place for results before it was decided that there is one', async () => {
    const store = open({ cacheFolder: at('kept') });
    assert.equal(await store.get(), undefined);
    store.use([at('work')], true);
    await keepOne(store);
    assert.equal(readdirSync(at('kept')).length, 1);
  });

  it('has none where the client names no folder', async () => {
    for (const options of [undefined, null, {}, { cacheFolder: 3 }, { cacheFolder: 'relative' }]) {
      const store = open(options);
      store.use([], true);
      assert.equal(await store.get(), undefined);
    }
    assert.deepEqual(warnings, []);
  });

  it('has none in the workspace, and touches nothing there', async () => {
    mkdirSync(at('work/kept'), { recursive: true });
    writeFileSync(at('work/kept', `${'0'.repeat(64)}.json`), '{}');
    const store = open({ cacheFolder: at('work/kept') });
    for (const keep of [true, false]) {
      store.use([at('work')], keep);
      assert.equal(await store.get(), undefined);
    }
    assert.equal(readdirSync(at('work/kept')).length, 1);
    assert.match(warnings.join(), /lies in the workspace/);
  });

  it('removes what was kept, also what is just being written, where nothing is to be kept', async () => {
    const store = open({ cacheFolder: at('kept') });
    store.use([], true);
    const writing = keepOne(store);
    store.use([], false);
    assert.equal(await store.get(), undefined);
    await writing;
    assert.deepEqual(existsSync(at('kept')) ? readdirSync(at('kept')) : [], []);
    store.use([], false);
    store.use([], true);
    await keepOne(store);
    assert.equal(readdirSync(at('kept')).length, 1);
  });
});
