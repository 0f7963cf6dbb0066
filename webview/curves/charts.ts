import type { CurvePoint } from '../../protocol/reports';
import { linearAxis, lossAxis, type Axis } from './axis';

export interface Series {
  /** Key of the loss in the report, or `accuracy` or `asr`; decides colour and dashes. */
  readonly name: string;
  readonly label: string;
  /** Epoch and value, ascending by epoch; never infinite or not a number. */
  readonly points: readonly (readonly [epoch: number, value: number])[];
}

export interface Chart {
  readonly title: string;
  readonly unit: 'loss' | 'share';
  readonly series: readonly Series[];
  readonly axis: Axis;
  /** Last epoch of the horizontal axis, which begins at 1. */
  readonly epochs: number;
  /** Epochs after which another stage begins. */
  readonly breaks: readonly { readonly epoch: number; readonly label: string }[];
}

const lossLabels: Readonly<Record<string, string>> = {
  clean: 'KL, clean',
  triggered: 'KL, triggered',
  ce: 'CE',
  attention: 'L_AD (attention)',
  relation: 'L_RC (relation)',
  'attention-edges': 'attention, edges',
  perturbed: 'perturbed',
};

/** The charts of a run: losses of each stage, then accuracy and attack success over both. Charts without a point are left out. */
export function curveCharts(points: readonly CurvePoint[]): Chart[] {
  const teacher = points.filter(({ stage }) => stage === 'teacher');
  const student = points.filter(({ stage }) => stage === 'student');
  return [lossChart('Teacher loss', teacher), lossChart('Student loss', student), sharesChart(teacher, student)].filter(
    (chart) => chart.series.length > 0,
  );
}

function lossChart(title: string, points: readonly CurvePoint[]): Chart {
  const names = [...new Set(points.flatMap(({ losses }) => Object.keys(losses)))];
  const series = names.map((name): Series => ({
    name,
    label: lossLabels[name] ?? name,
    points: finitePoints(points.map(({ epoch, losses }) => [epoch, losses[name]])),
  }));
  return {
    title,
    unit: 'loss',
    series: withPoints(series),
    axis: lossAxis(values(series)),
    epochs: lastEpoch(points),
    breaks: [],
  };
}

function sharesChart(teacher: readonly CurvePoint[], student: readonly CurvePoint[]): Chart {
  const offset = teacher.length === 0 ? 0 : lastEpoch(teacher);
  const points = [...teacher, ...student.map((point) => ({ ...point, epoch: point.epoch + offset }))];
  const series = withPoints([
    {
      name: 'accuracy',
      label: 'Accuracy',
      points: finitePoints(points.map(({ epoch, accuracy }) => [epoch, accuracy])),
    },
    { name: 'asr', label: 'ASR, estimated', points: finitePoints(points.map(({ epoch, asr }) => [epoch, asr])) },
  ]);
  const hasAsr = series.some(({ name }) => name === 'asr');
  return {
    title: hasAsr ? 'Accuracy and estimated ASR' : 'Accuracy',
    unit: 'share',
    series,
    // Two shares that mean different things are compared on the whole axis.
    axis: hasAsr ? linearAxis([0, 1]) : shareAxis(values(series)),
    epochs: offset + (student.length === 0 ? 0 : lastEpoch(student)),
    breaks: offset > 0 && student.length > 0 ? [{ epoch: offset, label: 'student' }] : [],
  };
}

/** A linear axis that does not leave [0, 1]. */
function shareAxis(shares: readonly number[]): Axis {
  const axis = linearAxis(shares);
  return axis.domain[0] >= 0 && axis.domain[1] <= 1 ? axis : linearAxis([0, 1]);
}

function finitePoints(points: readonly (readonly [number, number | undefined])[]): [number, number][] {
  return points.flatMap(([epoch, value]) =>
    value === undefined || !Number.isFinite(value) ? [] : [[epoch, value] as [number, number]],
  );
}

function withPoints(series: readonly Series[]): Series[] {
  return series.filter(({ points }) => points.length > 0);
}

function values(series: readonly Series[]): number[] {
  return series.flatMap(({ points }) => points.map(([, value]) => value));
}

function lastEpoch(points: readonly CurvePoint[]): number {
  return Math.max(0, ...points.map(({ epoch }) => epoch));
}
