import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { commandLine } from '../../scripts/lib/product';
import { runWithKills } from '../support/redis/chaos';
import { useTmpFolder } from '../support/tmpFolder';
import { makeZoo } from '../support/zoo';

/** The short form of `npm run bench -- scale --only kills`. */
describe('a scan over a queue', () => {
  const tmp = useTmpFolder();

  it('loses nothing and doubles nothing, whoever is killed', async function () {
    this.timeout(180_000);
    const models = 12;
    const kills = 8;
    const zoo = await makeZoo(tmp('made'), { models, graphs: 40 });
    const command = ['scan', zoo.models, '--data', zoo.data, '--json'];
    const local = spawnSync(process.execPath, [commandLine, ...command], { encoding: 'utf8' });
    assert.equal(local.status, 0, local.stderr);

    const { output, exitCode, killed, ends } = await runWithKills({
      ...{ folder: tmp(), command, jobs: models, kills, workers: 2, seed: 1 },
    });
    assert.equal(output, local.stdout);
    assert.equal(exitCode, 0);
    assert.equal(
      Object.values(killed).reduce((sum, count) => sum + count, 0),
      kills,
    );
    assert.equal(ends.size, models);
    for (const [job, count] of ends) assert.equal(count, 1, `${job} ended ${count} times`);
  });
});
