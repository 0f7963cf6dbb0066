import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { documentedGrids, readGridFile, resultsDocument } from '../../../bench/grid/document';
import { cellsOf } from '../../../server/src/jobs/grid/cells';
import { gridsFolder, measuredCell } from '../../support/grids';

describe('docs/results.md', () => {
  it('has a section for every grid but the smoke test', () => {
    const files = readdirSync(gridsFolder).filter((name) => name.endsWith('.json'));
    const expected = [...documentedGrids, 'smoke'].map((name) => `${name}.json`);
    assert.deepEqual(files.sort(), expected.sort());
  });

  it('shows what is recorded, finds its plots, and says what was not measured', () => {
    const [rates, layers] = ['holding-rate', 'layers'].map((name) => readGridFile(gridsFolder, name));
    const records = cellsOf(rates).map((cell) => measuredCell(cell));
    const { markdown, plots } = resultsDocument([
      { grid: rates, records },
      { grid: layers, records: [] },
    ]);
    assert.match(markdown, /^# Results\n/);
    assert.match(markdown, /## Fewer layers\n\n.*\n\nNot measured yet\.\n$/);
    const shown = [...markdown.matchAll(/!\[.*\]\((.*)\)/g)].map(([, file]) => file);
    assert.deepEqual(shown, [...plots.keys()]);
    assert.deepEqual(shown, ['results/holding-rate-asr.svg', 'results/holding-rate-flip-asr.svg', 'results/holding-rate-acc.svg']); // prettier-ignore
  });
});
