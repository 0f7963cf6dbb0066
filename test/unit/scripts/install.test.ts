import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { firstDifference } from '../../../scripts/lib/install.mjs';
import { useTmpFolder } from '../../support/tmpFolder';

describe('firstDifference', () => {
  const folder = useTmpFolder();
  const locked = {
    '': { name: 'project' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/other-platform': { version: '2.0.0', optional: true },
  };

  function write(file: string, packages: object): void {
    const target = path.join(folder(), file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, JSON.stringify({ packages }));
  }

  it('finds a fresh clone', () => {
    write('package-lock.json', locked);
    assert.equal(firstDifference(folder()), 'none are installed');
  });

  it('finds an installation that was broken off', () => {
    write('package-lock.json', locked);
    mkdirSync(path.join(folder(), 'node_modules', 'a'), { recursive: true });
    assert.equal(firstDifference(folder()), 'none are installed');
  });

  it('finds a missing package and one of another version', () => {
    write('package-lock.json', locked);
    write('node_modules/.package-lock.json', {});
    assert.equal(firstDifference(folder()), 'node_modules/a is missing');
    write('node_modules/.package-lock.json', { 'node_modules/a': { version: '0.9.0' } });
    assert.equal(firstDifference(folder()), 'node_modules/a should be 1.0.0, is 0.9.0');
  });

  it('accepts a complete installation without the packages of other platforms', () => {
    write('package-lock.json', locked);
    write('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
    assert.equal(firstDifference(folder()), undefined);
  });

  it('refuses to go on without a lock file', () => {
    assert.throws(() => firstDifference(folder()), /package-lock\.json/);
  });
});
