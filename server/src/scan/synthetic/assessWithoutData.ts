import type { ArchitectureSummary } from '../../../../protocol/model';
import type { BackdoorVerdict } from '../../../../protocol/reports';
import type { Tensor } from '../../checkpoint/checkpoint';
import { GraphModel } from '../../gnn/graphModel';
import { guessedReadoutNote, type Recognition } from '../../gnn/recognise';
import { assessBackdoor } from '../backdoor';
import { syntheticCalibration, syntheticRates } from './calibration';
import { syntheticCleanSet } from './syntheticCleanSet';

export interface ScanWithoutData {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly recognition: Recognition;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Share of the work that is done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
}

export interface AssessmentWithoutData {
  /** `likely`, or `not-assessed`: never `no-sign`, which needs clean data. */
  readonly verdict: BackdoorVerdict;
  /** With the readout that the scan took. */
  readonly architecture: ArchitectureSummary;
  /** What was guessed, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Looks for a backdoor on graphs made up from what the checkpoint says about its training graphs. Such a scan can accuse
 * a model but not clear it: what shows no sign on made-up graphs is not assessed, with the evidence shown as such
 * (docs/detection.md has the measured operating point).
 *
 * @throws the signal's reason once it is aborted
 */
export async function assessWithoutData(scan: ScanWithoutData): Promise<AssessmentWithoutData> {
  const { tensors, recognition, seed, signal, progress } = scan;
  const { architecture, readoutIsGuess, notes } = recognition;
  const set = syntheticCleanSet(
    (readout) => GraphModel.fromCheckpoint(tensors, { ...recognition, architecture: { ...architecture, readout } }),
    readoutIsGuess ? undefined : architecture.readout,
    seed,
  );
  if (typeof set === 'string') return { verdict: notAssessed(set), architecture, notes };
  const { model, graphs, layout } = set;
  try {
    const reference = syntheticCalibration;
    const verdict = await assessBackdoor({ model, clean: graphs, layout, seed, signal, progress, reference });
    return {
      verdict: verdictOnSynthetic(verdict, graphs.length),
      architecture: model.architecture,
      notes: readoutIsGuess ? [...notes.filter((note) => note !== guessedReadoutNote), guessNote(model)] : notes,
    };
  } finally {
    model.dispose();
  }
}

function verdictOnSynthetic(verdict: BackdoorVerdict, syntheticGraphs: number): BackdoorVerdict {
  if (verdict.kind === 'not-assessed') return notAssessed(verdict.reason);
  const evidence = { ...verdict.evidence, syntheticGraphs, measured: syntheticRates };
  if (verdict.kind === 'likely') return { kind: 'likely', evidence };
  return {
    ...notAssessed(
      `${syntheticGraphs} made-up graphs show no sign of a backdoor, which is not enough to clear a model`,
    ),
    evidence,
  };
}

function notAssessed(reason: string): BackdoorVerdict & { readonly kind: 'not-assessed' } {
  return { kind: 'not-assessed', code: 'GN904', reason: `no clean data set was given, and ${reason}` };
}

function guessNote({ architecture: { readout } }: GraphModel): string {
  return `The readout leaves no tensors: ${readout} is guessed from the size of the logits on made-up graphs.`;
}
