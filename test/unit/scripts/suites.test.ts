import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkSuite, hostedSuite, mochaSuite, runSuite, type Suite } from '../../../scripts/lib/suites';
import { useTmpFolder } from '../../support/tmpFolder';

describe('suites', () => {
  const folder = useTmpFolder();

  function mocha(source: string, options: Partial<Parameters<typeof mochaSuite>[2]> = {}): Suite {
    const file = path.join(folder(), 'sample.test.ts');
    writeFileSync(file, source);
    return mochaSuite('sample', file, { needsBuild: false, show: false, ...options });
  }

  it('count a check as one test and keep what it printed', async () => {
    const passing = await runSuite(checkSuite('check', [], [['-e', 'process.exit(0)']]));
    assert.deepEqual(passing, { passes: 1, failures: [], skipped: [] });
    const failing = await runSuite(checkSuite('check', [], [['-e', 'console.log("why"); process.exit(3)']]));
    assert.deepEqual(failing.failures, [{ title: 'check', message: 'why' }]);
    assert.equal(failing.passes, 0);
  });

  it('sum what Mocha counted, by name where something failed or was skipped', async () => {
    const results = await runSuite(
      mocha(`describe('s', () => {
        it('passes', () => {});
        it('fails', () => { throw new Error('no'); });
        it('waits', function () { this.skip(); });
      });`),
    );
    assert.equal(results.passes, 1);
    assert.deepEqual(
      results.failures.map(({ title }) => title),
      ['s fails'],
    );
    assert.match(results.failures[0].message, /^Error: no/);
    assert.deepEqual(results.skipped, ['s waits']);
  });

  it('make what tests need before these begin, however long that takes, and leave it to them where it fails', async () => {
    const prepare = async (): Promise<void> => {
      await delay(1000);
      writeFileSync(folder('tool'), '');
    };
    const source = `it('has it', () => { require('node:fs').readFileSync(${JSON.stringify(folder('tool'))}); });`;
    assert.equal((await runSuite(mocha(source, { prepare }))).passes, 1);
    const without = await runSuite(
      mocha(`it('passes', () => {});`, { prepare: () => Promise.reject(new Error('no')) }),
    );
    assert.equal(without.passes, 1);
  });

  it('fail without a single test', async () => {
    const { passes, failures } = await runSuite(mocha(''));
    assert.equal(passes, 0);
    assert.deepEqual(failures, [{ title: 'sample', message: 'ran no test' }]);
  });

  it('fail when the process dies before it reports', async () => {
    const { passes, failures } = await runSuite(mocha(`it('dies', () => { process.exit(0); });`));
    assert.equal(passes, 0);
    assert.match(failures[0].message, /no results/);
  });

  it('fail at the time limit', async () => {
    const { failures } = await runSuite(mocha(`it('hangs', () => { for (;;); });`, { timeLimit: 3000 }));
    assert.match(failures[0].message, /no end after \d+ s/);
  });

  it('fail with the reason when they cannot be started', async () => {
    const suite = hostedSuite('hosted', () => Promise.reject(new Error('no screen')));
    assert.deepEqual((await runSuite(suite)).failures, [{ title: 'hosted', message: 'no screen' }]);
  });
});
