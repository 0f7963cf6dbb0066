import { linePlot } from '../../server/src/report/linePlot';
import { isBackdoored } from './referenceRecords';
import { dataSets } from './referencePlan';
import { divide, type Scored } from './validation';

const shownRates = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

/** ROC curves of all models and of each data set, as SVG. */
export function rocPlot(title: string, scored: readonly Scored[]): string {
  const curve = (own: readonly Scored[]): { x: number; y: number; deviation: number }[] => {
    const [positives, negatives] = divide(own, ({ record }) => isBackdoored(record)).map((part) =>
      part.map(({ score }) => score),
    );
    const descending = [...negatives].sort((a, b) => b - a);
    return shownRates.map((x) => {
      const threshold = descending[Math.floor(x * descending.length)] ?? -Infinity;
      return { x, y: positives.filter((score) => score > threshold).length / positives.length, deviation: 0 };
    });
  };
  return linePlot({
    title: `Backdoors found by false alarms: ${title}`,
    description: 'Share of backdoored reference models above a threshold, by the share of clean models above it.',
    xLabel: 'share of clean models above the threshold',
    yLabel: 'share of backdoored models',
    yRange: [0, 1],
    series: [
      { name: 'all', points: curve(scored) },
      ...dataSets.map((name) => ({ name, points: curve(scored.filter(({ record }) => record.dataSet === name)) })),
    ],
  });
}

const bins = 5;

/** Share of backdoored models by suspicion, as SVG. */
export function calibrationPlot(title: string, scored: readonly Scored[]): string {
  const [positives, negatives] = divide(scored, ({ record }) => isBackdoored(record));
  const points = Array.from({ length: bins }, (_, bin) => {
    const inside = (own: readonly Scored[]): number =>
      own.filter(({ score }) => Math.min(bins - 1, Math.floor(bins / (1 + Math.exp(-score)))) === bin).length /
      own.length;
    const share = inside(positives) / (inside(positives) + inside(negatives));
    return { x: (bin + 0.5) / bins, y: share, deviation: 0 };
  }).filter(({ y }) => Number.isFinite(y));
  return linePlot({
    title: `Calibration: ${title}`,
    description: 'Share of backdoored models among those of a suspicion, with as many clean as backdoored ones.',
    xLabel: 'suspicion',
    yLabel: 'share that is backdoored',
    yRange: [0, 1],
    series: [
      { name: 'measured', points },
      { name: 'perfect', points: points.map(({ x }) => ({ x, y: x, deviation: 0 })) },
    ],
  });
}
