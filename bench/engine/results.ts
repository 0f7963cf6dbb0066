import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GemmMeasurement } from './gemmBench';
import type { Machine } from './machine';
import type { ProfileMeasurement } from './profileBench';
import type { MemoryMeasurement, PurifyMeasurement } from './purifyBench';
import type { StepMeasurement } from './stepBench';

/** What there is to measure, in the order of docs/performance.md, and what a measurement holds. */
export interface Sections {
  readonly steps: readonly StepMeasurement[];
  readonly purification: readonly PurifyMeasurement[];
  readonly gemm: readonly GemmMeasurement[];
  readonly memory: readonly MemoryMeasurement[];
  readonly scaling: readonly ScalingMeasurement[];
  readonly backends: readonly StepMeasurement[];
  readonly profile: readonly ProfileMeasurement[];
}
export type SectionName = keyof Sections;

export const sectionNames: readonly SectionName[] = [
  'steps',
  'purification',
  'gemm',
  'memory',
  'scaling',
  'backends',
  'profile',
];

/** Steps of one size of several. */
export interface ScalingMeasurement {
  readonly axis: string;
  readonly value: number;
  readonly steps: StepMeasurement;
}

const folder = path.resolve(__dirname, '..', 'results', 'performance');

/** Replaces the results of a section: a line on the machine, and one a measurement. */
export function writeResults<Name extends SectionName>(name: Name, machine: Machine, measured: Sections[Name]): void {
  mkdirSync(folder, { recursive: true });
  const lines = [machine, ...measured].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(fileOf(name), lines.join(''));
}

/** The last results of a section, if there are any. */
export function readResults<Name extends SectionName>(
  name: Name,
): { machine: Machine; measured: Sections[Name] } | undefined {
  if (!existsSync(fileOf(name))) return undefined;
  const lines = readFileSync(fileOf(name), 'utf8').trim().split('\n');
  const [machine, ...measured] = lines.map((line) => JSON.parse(line) as unknown);
  return { machine: machine as Machine, measured: measured as unknown as Sections[Name] };
}

function fileOf(name: SectionName): string {
  return path.join(folder, `${name}.jsonl`);
}
