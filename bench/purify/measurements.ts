import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Figures } from './fixtures';

export const columns = [
  'before',
  'fine-tuned',
  'fine-pruning',
  'nad',
  'argd',
  'anp',
  'paper',
  'teacher',
  'graphnad',
] as const;

/** One model measured: the suspect, or what a purification made of it. */
export interface Measurement extends Figures {
  readonly fixture: string;
  readonly column: (typeof columns)[number];
  readonly seed: number;
  /** Processor time of the whole purification, in seconds; 0 for the suspect. */
  readonly seconds: number;
  /** Settings it was made with. */
  readonly settings: string;
}

/** Measurements as JSON lines in a file, so that a run that was broken off goes on where it stopped. */
export class MeasurementStore {
  private readonly all: Measurement[];

  constructor(private readonly file: string) {
    mkdirSync(path.dirname(file), { recursive: true });
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const lines = text.split('\n').filter((line) => line !== '');
    this.all = lines.map((line) => JSON.parse(line) as Measurement);
  }

  has(fixture: string, seed: number, settings: string): boolean {
    return this.all.some((one) => one.fixture === fixture && one.seed === seed && one.settings === settings);
  }

  add(measurements: readonly Measurement[]): void {
    this.all.push(...measurements);
    appendFileSync(this.file, measurements.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }

  /** The last measurement of each fixture, column and seed. */
  latest(): Measurement[] {
    return [...new Map(this.all.map((one) => [`${one.fixture} ${one.column} ${one.seed}`, one])).values()];
  }
}
