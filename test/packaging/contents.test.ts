import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { packageFile, repositoryRoot } from '../../scripts/lib/paths';
import { findingCodes } from '../../protocol/findings';
import { packagedFiles } from '../support/vscodeHost/unpackExtension';

/** Everything that may be in the package. */
const allowed = [
  /^package\.json$/,
  /^(readme\.md|changelog\.md|LICENSE(\.txt)?)$/i,
  /^dist\/(client|languageClient|server|worker|side|cli|queue|thread)\.js$/,
  /^dist\/webview\/(panel|inspector|attention)\.js$/,
  /^dist\/graphnad-kernels(-relaxed)?\.wasm$/,
  /^docs\/findings\/GN\d{3}\.md$/,
  /^media\/[\w/-]+\.(css|svg|png|md)$/,
  /^schemas\/graphnad\.schema\.json$/,
];

describe('the package', () => {
  let files: Map<string, Uint8Array>;
  before(async () => {
    files = await packagedFiles(packageFile);
  });

  it('holds nothing but what ships', () => {
    const others = [...files.keys()].filter((file) => !allowed.some((pattern) => pattern.test(file)));
    assert.deepEqual(others, []);
  });

  it('holds every bundle', () => {
    const pages = ['panel', 'inspector', 'attention'].map((page) => `webview/${page}`);
    for (const bundle of ['client', 'languageClient', 'server', 'worker', 'side', 'cli', 'queue', 'thread', ...pages]) {
      assert.ok(files.has(`dist/${bundle}.js`), bundle);
    }
  });

  it('computes nothing in the language server, which would start later for it', () => {
    const holdsTensors = (bundle: string): boolean =>
      Buffer.from(files.get(`dist/${bundle}.js`) ?? []).includes('Tensor is disposed');
    assert.ok(holdsTensors('worker'));
    assert.ok(!holdsTensors('server'));
  });

  it('holds what speaks to a queue apart: nothing else starts later for it', () => {
    const speaks = (bundle: string): boolean =>
      Buffer.from(files.get(`dist/${bundle}.js`) ?? []).includes('max retries per request');
    assert.ok(speaks('queue'));
    for (const bundle of ['server', 'cli', 'worker', 'side', 'client']) assert.ok(!speaks(bundle), bundle);
  });

  it('holds both builds of the kernels, whole', async () => {
    for (const name of ['graphnad-kernels.wasm', 'graphnad-kernels-relaxed.wasm']) {
      const built = await readFile(path.join(repositoryRoot, 'dist', name));
      assert.deepEqual(Buffer.from(files.get(`dist/${name}`) ?? []), built, name);
    }
  });

  it('holds the page of every finding', () => {
    for (const code of findingCodes) assert.ok(files.has(`docs/findings/${code}.md`), code);
  });

  it('holds every file that its manifest names', () => {
    const manifest = Buffer.from(files.get('package.json') ?? []).toString();
    const named = [...manifest.matchAll(/"(?:\.\/)?((?:dist|media|schemas)\/[^"]+\.\w+)"/g)].map(([, file]) => file);
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((file) => !files.has(file)),
      [],
    );
  });

  it('holds the pictures of the walkthrough', () => {
    const pages = [...files.keys()].filter((file) => /^media\/walkthrough\/.*\.md$/.test(file));
    const shown = pages.flatMap((page) =>
      [
        ...Buffer.from(files.get(page) ?? [])
          .toString()
          .matchAll(/\]\(([^)]+\.png)\)/g),
      ].map(([, picture]) => path.posix.join(path.posix.dirname(page), picture)),
    );
    assert.ok(shown.length > 0);
    assert.deepEqual(
      shown.filter((picture) => !files.has(picture)),
      [],
    );
  });

  it('is smaller than 3 MB', async () => {
    assert.ok((await stat(packageFile)).size < 3e6);
  });

  it('carries no path of the machine it was made on', () => {
    for (const [name, data] of files) assert.ok(!Buffer.from(data).includes(repositoryRoot), name);
  });
});
