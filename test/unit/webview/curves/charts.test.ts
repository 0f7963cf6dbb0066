import assert from 'node:assert/strict';
import type { CurvePoint } from '../../../../protocol/reports';
import { curveCharts } from '../../../../webview/curves/charts';

const teacher = (epoch: number, losses: Record<string, number>, accuracy?: number, asr?: number): CurvePoint => ({
  ...{ stage: 'teacher', epoch, losses, accuracy },
  ...(asr !== undefined && { asr }),
});
const student = (epoch: number, losses: Record<string, number>, accuracy?: number): CurvePoint => ({
  stage: 'student',
  epoch,
  losses,
  accuracy,
});

describe('curveCharts', () => {
  it('has a chart for each stage and one for the accuracy', () => {
    const charts = curveCharts([
      teacher(1, { clean: 0.4, triggered: 1.2 }, 0.9),
      teacher(2, { clean: 0.3, triggered: 0.6 }, 0.95),
      student(1, { ce: 0.2, attention: 0.01 }, 0.94),
    ]);
    assert.deepEqual(
      charts.map(({ title, series }) => [title, series.map(({ name }) => name)]),
      [
        ['Teacher loss', ['clean', 'triggered']],
        ['Student loss', ['ce', 'attention']],
        ['Accuracy', ['accuracy']],
      ],
    );
  });

  it('lets the student’s epochs follow the teacher’s in the accuracy chart', () => {
    const [, , accuracy] = curveCharts([
      teacher(1, { clean: 1 }, 0.9),
      teacher(2, { clean: 1 }, 0.91),
      student(1, { ce: 1 }, 0.92),
    ]);
    assert.deepEqual(accuracy.series[0].points, [
      [1, 0.9],
      [2, 0.91],
      [3, 0.92],
    ]);
    assert.deepEqual(accuracy.breaks, [{ epoch: 2, label: 'student' }]);
    assert.equal(accuracy.epochs, 3);
  });

  it('shows attack success beside the accuracy, at the epochs that have it, on the whole axis', () => {
    const [shares] = curveCharts([teacher(1, {}, 0.9, 0.8), teacher(2, {}, 0.92), teacher(3, {}, 0.95, 0.1)]);
    assert.deepEqual(
      shares.series.map(({ name, points }) => [name, points.length]),
      [
        ['accuracy', 3],
        ['asr', 2],
      ],
    );
    assert.deepEqual(shares.series[1].points, [
      [1, 0.8],
      [3, 0.1],
    ]);
    assert.deepEqual(shares.axis.domain, [0, 1]);
  });

  it('leaves out what was not measured or is not a number', () => {
    const charts = curveCharts([
      teacher(1, { clean: Number.NaN, triggered: 1 }),
      teacher(2, { clean: 2, triggered: 1 }),
    ]);
    assert.deepEqual(
      charts.map(({ title }) => title),
      ['Teacher loss'],
    );
    assert.deepEqual(charts[0].series[0].points, [[2, 2]]);
  });

  it('shows nothing before the first epoch', () => {
    assert.deepEqual(curveCharts([]), []);
  });

  it('keeps the axis of a perfect accuracy within 0 and 1', () => {
    const charts = curveCharts([teacher(1, {}, 1), teacher(2, {}, 1)]);
    const [low, high] = charts[0].axis.domain;
    assert.ok(low >= 0 && high <= 1);
  });

  it('shows a loss that it does not know under its own name', () => {
    assert.equal(curveCharts([teacher(1, { novel: 1 })])[0].series[0].label, 'novel');
  });
});
