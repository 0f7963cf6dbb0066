import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mock } from 'node:test';
import { bench } from '../../../server/src/cli/bench';
import { cellsOf } from '../../../server/src/jobs/grid/cells';
import { resultsFile } from '../../../server/src/jobs/grid/runGrid';
import { failedCell, gridsFolder, measuredCell, readGrid } from '../../support/grids';
import { useTmpFolder } from '../../support/tmpFolder';

describe('graphnad bench', () => {
  const at = useTmpFolder();
  const smoke = path.join(gridsFolder, 'smoke.json');
  const run = (...argv: string[]): Promise<number> => bench(argv, new AbortController().signal);

  /** What it prints to standard output. */
  async function printed(...argv: string[]): Promise<{ text: string; code: number }> {
    let text = '';
    const write = mock.method(process.stdout, 'write', (chunk: string | Uint8Array) => {
      text += String(chunk);
      return true;
    });
    try {
      return { code: await run(...argv), text };
    } finally {
      write.mock.restore();
    }
  }

  it('refuses what it does not understand, with exit code 64', async () => {
    for (const [wrong, reason] of [
      [[], /the grid file is missing/],
      [[smoke, '--only', 'gat'], /--only: nothing in the grid is called "gat"/],
      [[smoke, '--jobs', '0'], /--jobs must be a whole number/],
      [[smoke, '--seeds', '3'], /seeds/],
    ] as const) {
      await assert.rejects(run(...wrong, '--out', at()), (error: Error) => {
        assert.equal(error.name, 'UsageError');
        assert.match(error.message, reason);
        return true;
      });
    }
    await assert.rejects(run(at('none.json')), { name: 'GridFileError' });
  });

  it('prints tables of what is there without computing anything', async () => {
    const empty = await printed(smoke, '--tables', '--out', at());
    assert.deepEqual([empty.code, /Not measured: .*gin, subgraph/.test(empty.text)], [0, true]);
    assert.equal(existsSync(at('plots')), false);

    mkdirSync(at('results'));
    const [cell] = cellsOf(readGrid('smoke')).filter(({ attack }) => attack === 'subgraph');
    const record = JSON.stringify(measuredCell(cell));
    writeFileSync(resultsFile(at(), 'smoke'), `${record}\n${record.slice(0, 50)}`);
    const { code, text } = await printed(smoke, '--tables', '--out', at());
    assert.equal(code, 0);
    assert.match(text, /\| finetune, 10% \| 1 \(1 of 4\) \| 4\.0 \| 0 \| 2\.0 \| 2\.0 \| 0\.910 \| 10\.0 \|/);

    const plots = readdirSync(at('plots'));
    assert.deepEqual(plots, ['smoke-acc.svg', 'smoke-asr.svg', 'smoke-flip-asr.svg']);
    assert.match(
      readFileSync(at('plots', plots[0]), 'utf8'),
      /Mean ACC of purified models .* finetune: 88\.0% at 10\./,
    );

    writeFileSync(resultsFile(at(), 'smoke'), `${JSON.stringify(failedCell(cell))}\n`);
    assert.equal((await printed(smoke, '--tables', '--out', at())).code, 2, 'a cell failed');
  });
});
