import assert from 'node:assert/strict';
import { gridReport } from '../../../../server/src/report/grid/gridReport';
import type { GridOutline } from '../../../../server/src/report/grid/outline';
import type { CellId, CellRecord } from '../../../../server/src/report/grid/record';
import { cellId, failedCell, measuredCell } from '../../../support/grids';

describe('gridReport', () => {
  const grid: GridOutline = { name: 'g', title: 'Defenses', description: 'What they do.', goal: ['graphnad'] };
  const cells: CellId[] = ['AIDS', 'DHFR'].flatMap((data) =>
    [0, 1].flatMap((attackSeed) => ['graphnad', 'nad'].map((defense) => cellId({ data, attackSeed, defense }))),
  );
  const bad = { acc: 0.8, asr: 0.5, flipAsr: 0.4, cleanTargetRate: 0.1 };
  const records: CellRecord[] = [
    measuredCell({ data: 'AIDS', attackSeed: 0 }),
    measuredCell({ data: 'AIDS', attackSeed: 1 }, { after: { acc: 0.9, asr: 0.1, flipAsr: 0, cleanTargetRate: 0.1 } }),
    measuredCell({ data: 'AIDS', attackSeed: 0, defense: 'nad' }, { after: bad, der: 0.68 }),
    measuredCell({ data: 'DHFR', attackSeed: 0 }, { after: bad, der: 0.68 }),
    failedCell({ data: 'DHFR', attackSeed: 0, defense: 'nad' }),
    failedCell({ data: 'DHFR', attackSeed: 1, defense: 'nad' }),
  ];
  const { markdown } = gridReport(grid, cells, records);
  const line = (start: string): string => markdown.split('\n').find((one) => one.startsWith(start)) ?? '';

  it('sums up each defense beside the goal', () => {
    // Cells: AIDS 2.0%, loss 1.0, DER 0.91, DHFR 40.0%, loss 10.0, DER 0.68; DHFR lacks a seed.
    assert.equal(line('| graphnad |'), '| graphnad | 2 (3 of 4) | 21.0 | 1 | 5.5 | 10.0 | 0.795 | 10.0 |');
    assert.match(line('| nad |'), /^\| nad \| 1 \(1 of 4\) \| 40\.0 \| 1 \| 10\.0 \|/);
  });

  it('lists the cells that miss the goal', () => {
    assert.match(markdown, /### Where graphnad misses the goal\n\n1 of 2 cells\.\n/);
    assert.equal(line('| DHFR, gin, gta |'), '| DHFR, gin, gta | 40.0 | 10.0 | 10.0 | flip ASR above the floor; accuracy lost |'); // prettier-ignore
  });

  it('shows each cell with its deviation over seeds, and what is not there as such', () => {
    const rows = markdown.split('\n').filter((one) => one.startsWith('| gin, gta |'));
    assert.deepEqual(rows, [
      '| gin, gta | 90.0 / 96.0 / 95.0 | 10.0 | 89.0 ±1.4 / 11.0 ±1.4 / 2.0 ±2.8, 0.91 | 80.0 / 50.0 / 40.0, 0.68 (1 of 2) |',
      '| gin, gta | 90.0 / 96.0 / 95.0 | 10.0 | 80.0 / 50.0 / 40.0, 0.68 (1 of 2) | failed |',
    ]);
    assert.match(line('| attack: AttackError'), /no graph can be poisoned \| 2 \| DHFR, gta, gin, nad \|$/);
    const nothing = gridReport(grid, cells, []).markdown;
    assert.match(nothing, /#### AIDS\n\nNot measured: gin, gta\.\n\n#### DHFR\n\nNot measured: gin, gta\.\n/);
    assert.ok(!nothing.includes('| gin, gta |'));
  });

  it('is whole Markdown: every table row has as many cells as its head', () => {
    for (const block of markdown.split('\n\n').filter((text) => text.startsWith('|'))) {
      const widths = block
        .trimEnd()
        .split('\n')
        .map((row) => row.split('|').length);
      assert.equal(new Set(widths).size, 1, block);
    }
    assert.ok(!/NaN|undefined/.test(markdown));
  });

  it('leaves models that were not attacked out of the summary and shows their accuracy', () => {
    const benign = measuredCell(
      { attack: 'none' },
      { before: { acc: 0.9 }, floor: undefined, after: { acc: 0.85 }, der: undefined },
    );
    const text = gridReport(grid, [benign.cell], [benign]).markdown;
    assert.match(text, /\| graphnad \| no attack \| - \|/);
    assert.match(text, /\| gin, none \| 90\.0 \| - \| 85\.0 \|/);
  });

  it('compares over architectures and attacks where there are several, and tells how strong attacks are', () => {
    const weak = { acc: 0.91, asr: 0.6, flipAsr: 0.5, cleanTargetRate: 0.1 };
    const both = [measuredCell(), measuredCell({ architecture: 'gcn', attack: 'motif' }, { before: weak })];
    const benign = [measuredCell({ attack: 'none' }, { before: { acc: 0.9 }, floor: undefined, der: undefined })];
    const wanted = [...both, ...benign].map(({ cell }) => cell);
    const text = gridReport(grid, [...wanted, cellId({ attack: 'none', architecture: 'gcn' })], [...both, ...benign]).markdown; // prettier-ignore
    assert.match(text, /### By architecture\n\n\| {2}\| gin \| gcn \|/);
    assert.match(
      text,
      /### By attack\n\n\| {2}\| gta \| motif \|\n.*\n\| suspect \| 90\.0 \/ 96\.0 \/ 95\.0 \| 91\.0 \/ 60\.0 \/ 50\.0 \|/,
    );
    assert.match(text, /### The attacks\n\n.*\n\n\| {2}\| gin \| gcn \|\n.*\n\| gta \| 96\.0 \/ 95\.0 \/ 1\.0 \| missing \|\n\| motif \| missing \| 60\.0 \/ 50\.0 \/ 0\.0 \|/); // prettier-ignore
    assert.ok(!markdown.includes('### By architecture'));
  });

  it('shows attention layer by layer where it was measured', () => {
    const attention = { clean: [0.1, 0.2], triggered: [0.5, 0.6] };
    const calm = { clean: [0.1, 0.2], triggered: [0.15, 0.25] };
    const one = measuredCell();
    const record = { ...one, before: { ...one.before, attention }, floor: { acc: 0.9, attention: calm }, after: { ...one.after, attention: calm } }; // prettier-ignore
    const text = gridReport(grid, [one.cell], [record]).markdown;
    assert.match(text, /\| AIDS, gin, gta \| 1 \| 10\.0 -> 50\.0 \| 10\.0 -> 15\.0 \| 10\.0 -> 15\.0 \|\n\| {2}\| 2 \| 20\.0 -> 60\.0 \|/); // prettier-ignore
    assert.ok(!markdown.includes('### Attention'));
  });
});
