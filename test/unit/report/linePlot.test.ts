import assert from 'node:assert/strict';
import { linePlot, mostSeries, type LinePlot } from '../../../server/src/report/linePlot';

describe('linePlot', () => {
  const plot: LinePlot = {
    title: 'ASR <over> rate',
    description: 'It falls & stays low.',
    xLabel: 'holding rate, %',
    yLabel: 'ASR, %',
    yRange: [0, 100],
    series: [
      { name: 'graphnad', points: [{ x: 1, y: 40, deviation: 12 }, { x: 3, y: 5, deviation: 0 }] },
      { name: 'nad', points: [{ x: 1, y: 90, deviation: 20 }] },
    ],
  }; // prettier-ignore
  const svg = linePlot(plot);
  const all = (pattern: RegExp, text = svg): string[] => [...text.matchAll(pattern)].map(([, found]) => found);

  it('has a title and a description for those who do not see it, escaped', () => {
    assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="title desc"/);
    assert.match(svg, /<title id="title">ASR &lt;over&gt; rate<\/title>/);
    assert.match(svg, /<desc id="desc">It falls &amp; stays low.<\/desc>/);
    assert.deepEqual(all(/<g [^>]*>\n<title>(\w+)</g), ['graphnad', 'nad']);
  });

  it('places points by value, and draws an error bar where there is a deviation', () => {
    const groups = all(/(<g [\s\S]*?<\/g>)/g);
    const [line, bar] = all(/<path d="([^"]+)"/g, groups[0]);
    const [[, x1, y1], [, x3, y3]] = [...line.matchAll(/[ML]([\d.]+) ([\d.]+)/g)];
    assert.ok(Number(x3) > Number(x1) && Number(y3) > Number(y1), 'down and to the right');
    // 12 points up and 12 down of 100 over the height between the axes.
    const [, top, bottom] = /^M[\d.]+ ([\d.]+)V([\d.]+)/.exec(bar) ?? [];
    const scale = (Number(y3) - Number(y1)) / 35;
    assert.ok(Math.abs(Number(bottom) - Number(top) - 24 * scale) < 0.3);
    assert.equal([...bar.matchAll(/V/g)].length, 1, 'none for the point without deviation');
    // 90 + 20 stays inside the frame.
    const [, end] = /^M[\d.]+ ([\d.]+)V/.exec(all(/<path d="([^"]+)"/g, groups[1])[1]) ?? [];
    const ticks = all(/<path d="M62 ([\d.]+)H/g).map(Number);
    assert.equal(Number(end), Math.min(...ticks));
    assert.equal(ticks.length, 6, '0, 20, 40, 60, 80, 100');
  });

  it('uses no colour that vanishes on white or on black, and tells series apart without colour', () => {
    const luminance = (colour: string): number =>
      [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
        const c = parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16) / 255;
        return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      }, 0);
    const full = linePlot({ ...plot, series: Array.from({ length: mostSeries }, (_, i) => ({ name: `s${i}`, points: [{ x: 1, y: i, deviation: 0 }] })) }); // prettier-ignore
    const colours = new Set(all(/(#[0-9a-f]{6})/g, full));
    for (const colour of colours) {
      assert.ok(1.05 / (luminance(colour) + 0.05) >= 3, `${colour} on white`);
      assert.ok((luminance(colour) + 0.05) / (luminance('#1f1f1f') + 0.05) >= 3, `${colour} on dark`);
    }
    assert.equal(new Set(all(/<path d="M[\d.]+ [\d.]+"( stroke-dasharray="[^"]+")?/g, full)).size, mostSeries);
  });

  it('gives the same bytes again, and no number that is none', () => {
    assert.equal(linePlot(plot), svg);
    const flat = linePlot({ ...plot, series: [{ name: 'one', points: [{ x: 3, y: 0, deviation: 0 }] }] });
    assert.ok(!/NaN|Infinity|undefined/.test(svg + flat));
  });

  it('refuses nothing to draw, and more than it can tell apart', () => {
    assert.throws(() => linePlot({ ...plot, series: [] }), RangeError);
    const series = Array.from({ length: mostSeries + 1 }, () => plot.series[0]);
    assert.throws(() => linePlot({ ...plot, series }), RangeError);
  });
});
