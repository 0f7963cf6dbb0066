import { readouts, type Readout } from '../../../protocol/model';
import type { Tensor } from '../checkpoint/checkpoint';
import type { GraphBatch } from '../graph/batch';
import type { FeatureLayout, Graph } from '../graph/graph';
import { GraphModel } from './graphModel';
import { argmaxRows, batches, predictBatches } from './predict';
import { recogniseArchitecture, type Recognition } from './recognise';
import type { SettledPart, Settings } from './recognition/settings';
import { temperedLosses } from './temperedLoss';

/** What a model gets right with one choice of what is open. */
export interface Trial {
  readonly chosen: Settings;
  /** Class of each graph. */
  readonly predicted: Int32Array;
  /** Which graphs it gets right. */
  readonly hits: readonly boolean[];
  /** Cross-entropy of each prediction, at the temperature at which their mean is least. */
  readonly losses: readonly number[];
}

/** Runs the model, each choice once. */
export class Trials {
  private readonly known = new Map<string, Trial>();
  private readonly collated: readonly GraphBatch[];

  constructor(
    private readonly tensors: ReadonlyMap<string, Tensor>,
    private readonly recognition: Recognition,
    private readonly graphs: readonly Graph[],
    layout: FeatureLayout,
  ) {
    this.collated = [...batches(graphs, layout)];
  }

  of(chosen: Settings): Trial {
    const key = JSON.stringify(Object.entries(chosen).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = this.known.get(key) ?? this.run(chosen);
    this.known.set(key, known);
    return known;
  }

  /** The same choice with each readout, or each two that differ where there are two; the choice alone where the readout is not open. */
  withReadouts(chosen: Settings): Trial[] {
    if (!this.recognition.readoutIsGuess) return [this.of(chosen)];
    return readoutChoices(this.recognition).map((choice) => this.of({ ...chosen, ...choice }));
  }

  private run(chosen: Settings): Trial {
    const model = GraphModel.fromCheckpoint(this.tensors, chosenOf(this.tensors, this.recognition, chosen));
    try {
      const labels = this.graphs.map(({ classLabel }) => classLabel);
      const { classes } = model.architecture;
      const logits = predictBatches(model, this.collated, labels.length);
      const predicted = argmaxRows(logits, classes);
      const hits = labels.map((label, i) => label === predicted[i]);
      return { chosen, predicted, hits, losses: temperedLosses(logits, labels) };
    } finally {
      model.dispose();
    }
  }
}

/** The readouts that it could be, as far as nobody vouches for them, the one that is assumed first. */
function readoutChoices({ architecture, questions }: Recognition): Settings[] {
  const { readout: first, secondReadout: second } = architecture;
  if (second === undefined)
    return [first, ...readouts.filter((other) => other !== first)].map((readout) => ({ readout }));
  const open = (part: SettledPart, given: Readout): readonly Readout[] =>
    questions.some((question) => question.part === part)
      ? [given, ...readouts.filter((other) => other !== given)]
      : [given];
  return open('readout', first).flatMap((readout) =>
    open('secondReadout', second)
      .filter((other) => other !== readout)
      .map((secondReadout) => ({ readout, secondReadout })),
  );
}

/** The recognition with a choice of what is open. */
function chosenOf(tensors: ReadonlyMap<string, Tensor>, recognition: Recognition, chosen: Settings): Recognition {
  const { architecture, override } = recognition;
  const isReadoutAlone = Object.keys(chosen).every((part) => part === 'readout' || part === 'secondReadout');
  return isReadoutAlone
    ? { ...recognition, architecture: { ...architecture, ...readoutsOf(chosen) } }
    : recogniseArchitecture(tensors, { ...override, ...chosen });
}

/** The readouts of a choice. */
export function readoutsOf({ readout, secondReadout }: Settings): Pick<Settings, 'readout' | 'secondReadout'> {
  return { ...(readout && { readout }), ...(secondReadout && { secondReadout }) };
}
