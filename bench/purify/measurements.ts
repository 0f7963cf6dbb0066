import { JsonLines } from '../../server/src/jobs/grid/jsonLines';
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

/** Measurements, a line each of a file, so that a run that was broken off goes on where it stopped. */
export class MeasurementStore {
  private readonly all: Measurement[];

  private constructor(private readonly lines: JsonLines<Measurement>) {
    this.all = [...lines.records];
  }

  /** @throws JsonLinesError */
  static async open(file: string): Promise<MeasurementStore> {
    return new MeasurementStore(await JsonLines.open(file));
  }

  has(fixture: string, seed: number, settings: string): boolean {
    return this.all.some((one) => one.fixture === fixture && one.seed === seed && one.settings === settings);
  }

  async add(measurements: readonly Measurement[]): Promise<void> {
    this.all.push(...measurements);
    await Promise.all(measurements.map((one) => this.lines.append(one)));
  }

  /** The last measurement of each fixture, column and seed. */
  latest(): Measurement[] {
    return [...new Map(this.all.map((one) => [`${one.fixture} ${one.column} ${one.seed}`, one])).values()];
  }
}
