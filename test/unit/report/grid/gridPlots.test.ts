import assert from 'node:assert/strict';
import { combinationsOf } from '../../../../server/src/report/grid/combination';
import { gridPlots, type NamedPlot } from '../../../../server/src/report/grid/gridPlots';
import type { MeasuredCell } from '../../../../server/src/report/grid/record';
import { measuredCell } from '../../../support/grids';

describe('gridPlots', () => {
  const outline = { name: 'g', title: 'G', description: '', goal: [] };
  const draw = (over: string, records: readonly MeasuredCell[]): NamedPlot[] =>
    gridPlots({ ...outline, plot: { over, label: 'x' } }, combinationsOf(records.map(({ cell }) => cell), records)); // prettier-ignore
  const description = ({ svg }: NamedPlot): string => /<desc id="desc">(.*)<\/desc>/.exec(svg)?.[1] ?? '';

  it('draws ASR, flip ASR and ACC over the holding rate, a line a defense', () => {
    const records = [0.01, 0.03].flatMap((holdingRate) =>
      ['graphnad', 'nad'].map((defense, i) =>
        measuredCell({ holdingRate, defense }, { after: { acc: 0.9, asr: holdingRate * 10 + i / 2, flipAsr: 0.01 } }),
      ),
    );
    const plots = draw('holdingRate', records);
    assert.deepEqual(plots.map(({ name }) => name), ['g-asr.svg', 'g-flip-asr.svg', 'g-acc.svg']); // prettier-ignore
    assert.equal(
      description(plots[0]),
      'Mean ASR of purified models over x. graphnad: 10.0% at 1, 30.0% at 3. nad: 60.0% at 1, 80.0% at 3.',
    );
  });

  it('draws an option, its variants as one line a data set, in the order of values', () => {
    const records = ['AIDS', 'DHFR'].flatMap((data) =>
      [2, 1].map((p) => measuredCell({ data, defense: `graphnad p=${p}` }, { options: { attentionPower: p } })),
    );
    const [asr] = draw('attentionPower', records);
    assert.match(description(asr), /x\. AIDS, graphnad: 12\.0% at 1, 12\.0% at 2\. DHFR, graphnad: 12\.0% at 1/);
  });

  it('makes further plots of lines that do not fit, and none where there is nothing to draw', () => {
    const records = Array.from({ length: 9 }, (_, i) => measuredCell({ defense: `d${i}` }));
    assert.deepEqual(draw('holdingRate', records).slice(0, 2).map(({ name }) => name), ['g-asr.svg', 'g-asr-2.svg']); // prettier-ignore
    assert.deepEqual(draw('attentionPower', records), []);
    assert.deepEqual(gridPlots(outline, combinationsOf([records[0].cell], records)), []);
  });
});
