import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findNpm } from '../../../../client/tensorflow/findNpm';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('findNpm', () => {
  const at = useTmpFolder();

  it('finds the npm of a Node.js', () => {
    const npm = findNpm(process.execPath);
    assert.equal(npm?.[0], process.execPath);
    assert.match(npm?.[1] ?? '', /npm-cli\.js$/);
  });

  it('finds one on the search path where that Node.js has none', () => {
    writeFileSync(at('node'), '');
    assert.equal(findNpm(at('node'), ''), undefined);
    const script = at('tools', 'node_modules', 'npm', 'bin', 'npm-cli.js');
    mkdirSync(path.dirname(script), { recursive: true });
    writeFileSync(script, '');
    assert.deepEqual(findNpm(at('node'), at('tools')), [at('node'), script]);
  });
});
