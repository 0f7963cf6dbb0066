import { shareOfPeak, type GemmMeasurement } from './gemmBench';
import type { Machine } from './machine';
import type { ProfileMeasurement } from './profileBench';
import type { MemoryMeasurement, PurifyContestant, PurifyMeasurement } from './purifyBench';
import type { ScalingMeasurement, Sections } from './results';
import { ratios, spread } from './samples';
import type { Contestant, StepMeasurement } from './stepBench';

type Row = readonly string[];

/** Markdown of a section's measurements, without a heading. */
export const sectionTables: {
  readonly [Name in keyof Sections]: (measured: Sections[Name], machine: Machine) => string;
} = {
  steps: (measured) => `${stepTable(measured)}\n${formulationTable(measured)}`,
  purification: (measured) => measured.map(purifyTable).join('\n'),
  gemm: gemmTable,
  memory: (measured) => measured.map(memoryTable).join('\n'),
  scaling: scalingTables,
  backends: (measured) => stepTable(measured),
  profile: (measured) => measured.map(profileTable).join('\n'),
};

/** What the figures of a section were measured on. */
export function machineLine({ processor, cores, memoryGigabytes, system, versions, day }: Machine): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Measured on ${day}: ${processor}, ${cores} cores, ${memoryGigabytes} GB, ${system}; ${software.join(', ')}.\n`;
}

function stepTable(measured: readonly StepMeasurement[]): string {
  const rows: Row[] = [
    ['model', 'step', 'contestant', 'ms a step', 'times ours', 'processor time, times ours', 'loss difference'],
  ];
  for (const one of measured) {
    const [ours] = one.contestants;
    one.contestants.forEach((contestant, i) => {
      rows.push([
        i === 0 ? modelName(one) : '',
        i === 0 ? (one.collating ? 'collate + step' : 'step') : '',
        contestantName(contestant),
        spreadText(contestant.samples),
        i === 0 ? '' : spreadText(ratios(contestant.samples, ours.samples)),
        i === 0 ? '' : figure(spread(ratios(contestant.processor, ours.processor)).median),
        i === 0 ? one.lossDifference.toExponential(0) : '',
      ]);
    });
  }
  return table(rows);
}

/** What each way to write the model in PyTorch takes; the fastest one is in the other table. */
function formulationTable(measured: readonly StepMeasurement[]): string {
  const rows: Row[] = [['model', 'contestant', 'formulation', 'ms a step (best)', 'taken']];
  for (const one of measured.filter(({ collating }) => !collating)) {
    for (const contestant of one.contestants) {
      for (const [name, milliseconds] of Object.entries(contestant.formulations ?? {})) {
        const taken = name === contestant.formulation ? 'yes' : '';
        rows.push([modelName(one), contestantName(contestant), name, figure(milliseconds), taken]);
      }
    }
  }
  return rows.length === 1 ? '' : table(rows);
}

function modelName({ shape: { kind, layers, hidden } }: StepMeasurement): string {
  return `${kind.toUpperCase()} ${layers}x${hidden}`;
}

function contestantName({ name, threads }: Contestant): string {
  return `${name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

function purifyTable({ fixture, contestants }: PurifyMeasurement): string {
  const [ours] = contestants;
  const rows: Row[] = [
    [fixture, 'seconds', 'times ours', 'peak memory, MB', 'ACC / ASR / flip ASR before, %', 'after'],
  ];
  contestants.forEach((one, i) => {
    rows.push([
      one.name,
      spreadText(one.seconds),
      i === 0 ? '' : spreadText(ratios(one.seconds, ours.seconds)),
      megabytes(spread(one.peakBytes).median),
      figuresText(one.before),
      figuresText(one.after),
    ]);
  });
  return table(rows);
}

function figuresText({ acc, asr, flipAsr }: PurifyContestant['after']): string {
  return [acc, asr, flipAsr].map((share) => (100 * share).toFixed(1)).join(' / ');
}

function gemmTable(measured: readonly GemmMeasurement[]): string {
  const [{ fused, contestants }] = measured;
  const instruction = fused ? 'relaxed multiply-add' : 'multiply and add';
  const names = contestants.flatMap(({ name }) => [`${name}, GFLOP/s`, 'of the peak']);
  const rows: Row[] = [['product', 'shape', `WebAssembly peak (${instruction}), GFLOP/s`, ...names]];
  for (const one of measured) {
    const cells = one.contestants.flatMap(({ samples }) => [
      spreadText(samples),
      `${(100 * shareOfPeak(one, samples)).toFixed(0)}%`,
    ]);
    rows.push([one.label, `${one.m} x ${one.k} x ${one.n}`, spreadText(one.peak), ...cells]);
  }
  return table(rows);
}

function memoryTable({ fixture, rows }: MemoryMeasurement): string {
  return table([
    [fixture, 'epochs', 'peak memory, MB'],
    ...rows.map(({ name, epochs, peakBytes }): Row => [
      name,
      epochs === 1 ? 'usual' : `${epochs} times`,
      megabytes(peakBytes),
    ]),
  ]);
}

function scalingTables(measured: readonly ScalingMeasurement[]): string {
  const axes = [...new Set(measured.map(({ axis }) => axis))];
  return axes
    .map((axis) => {
      const own = measured.filter((one) => one.axis === axis);
      const names = own[0].steps.contestants.map(contestantName);
      const heading = [axis, 'nodes', 'directed edges', ...names.map((name) => `${name}, ms`), 'times ours'];
      const rows = own.map(({ value, steps: { nodes, edges, contestants } }): Row => {
        const [ours, ...others] = contestants;
        const times = others.map(({ samples }) => spread(ratios(samples, ours.samples)).median.toFixed(1));
        const milliseconds = contestants.map(({ samples }) => figure(spread(samples).median));
        return [String(value), String(nodes), String(edges), ...milliseconds, times.join(' / ')];
      });
      return table([heading, ...rows]);
    })
    .join('\n');
}

function profileTable({ title, milliseconds, stages, operations }: ProfileMeasurement): string {
  const part = (heading: string, times: ProfileMeasurement['operations']): string =>
    times.length === 0
      ? ''
      : table([
          [heading, 'share', 'ms'],
          ...times.map(([label, ms]): Row => [label, `${((100 * ms) / milliseconds).toFixed(1)}%`, figure(ms)]),
        ]);
  return `${title}, ${figure(milliseconds)} ms:\n\n${part('stage', stages)}\n${part('operation', operations)}`;
}

/** `4.25 (4.10-5.37)`: median and range. */
function spreadText(samples: readonly number[]): string {
  const { median, low, high } = spread(samples);
  return `${figure(median)} (${figure(low)}-${figure(high)})`;
}

/** Three significant digits. */
function figure(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

/** A Markdown table; the first row is its heading. */
export function table([heading, ...rows]: readonly Row[]): string {
  const lines = [heading, heading.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/**
 * Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->`.
 *
 * @throws RangeError where the text has no such place
 */
export function replaceBetweenMarkers(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new RangeError(`there is no place for "${name}": ${begin} ... ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
