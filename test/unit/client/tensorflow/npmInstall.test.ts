import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { findNpm, type NpmCommand } from '../../../../client/tensorflow/findNpm';
import { InstallError, npmInstall } from '../../../../client/tensorflow/npmInstall';
import { isAlive, until } from '../../../support/processes';
import { useTmpFolder } from '../../../support/tmpFolder';

// The real npm installs packages that lie in folders: nothing comes from a network.
describe('npmInstall', function () {
  this.timeout(60_000);
  const at = useTmpFolder();
  const npm = findNpm(process.execPath) as NpmCommand;
  let lines: string[];

  beforeEach(() => {
    lines = [];
  });

  function makePackage(installScript: string): string {
    mkdirSync(at('package'), { recursive: true });
    writeFileSync(
      at('package', 'package.json'),
      JSON.stringify({ name: 'engine', version: '1.0.0', scripts: { install: 'node install.js' } }),
    );
    writeFileSync(at('package', 'install.js'), installScript);
    return at('package');
  }

  const install = (spec: string, signal = new AbortController().signal): Promise<void> =>
    npmInstall({ npm, spec, folder: at('storage', 'tensorflow'), signal, onLine: (line) => lines.push(line) });

  it('runs the install script, tells what it writes, and puts the whole in place', async () => {
    const spec = makePackage(`console.log('fetching'); require('node:fs').writeFileSync('native', '');`);
    await install(spec);
    assert.ok(lines.includes('fetching'));
    assert.ok(existsSync(at('storage', 'tensorflow', 'node_modules', 'engine', 'native')));
    assert.deepEqual(readdirSync(at('storage')), ['tensorflow']);
    await install(spec);
    assert.deepEqual(readdirSync(at('storage')), ['tensorflow']);
  });

  it('leaves what was there where it fails, and says why', async () => {
    mkdirSync(at('storage', 'tensorflow'), { recursive: true });
    writeFileSync(at('storage', 'tensorflow', 'before'), 'kept');
    const spec = makePackage(`console.error('Error: getaddrinfo ENOTFOUND storage.example'); process.exit(1);`);
    await assert.rejects(install(spec), (error) => {
      assert.ok(error instanceof InstallError);
      assert.match(error.reason, /could not be reached/);
      assert.ok(error.output.some((line) => line.includes('ENOTFOUND')));
      return true;
    });
    assert.deepEqual(readdirSync(at('storage')), ['tensorflow']);
    assert.equal(readFileSync(at('storage', 'tensorflow', 'before'), 'utf8'), 'kept');
  });

  it('ends the install scripts, too, when it is cancelled, and leaves nothing behind', async () => {
    const spec = makePackage(`console.log('running ' + process.pid); setInterval(() => undefined, 1000);`);
    const controller = new AbortController();
    const outcome = assert.rejects(install(spec, controller.signal), { message: 'cancelled' });
    const processId = (): number => Number(lines.map((line) => /^running (\d+)$/.exec(line)?.[1]).find(Boolean));
    await until('the install script to run', () => processId() > 0);
    controller.abort(new Error('cancelled'));
    await outcome;
    await until('its end', () => !isAlive(processId()));
    assert.deepEqual(readdirSync(at('storage')), []);
  });

  it('says that npm could not be started', async () => {
    const nothing = npmInstall({
      npm: [at('missing')],
      spec: 'engine',
      folder: at('storage', 'tensorflow'),
      signal: new AbortController().signal,
      onLine: () => undefined,
    });
    await assert.rejects(nothing, /npm could not be started/);
  });
});
