import assert from 'node:assert/strict';
import { encodeDataset } from '../../../server/src/dataset/features';
import { makeMolecules } from '../../../server/src/dataset/synthetic';
import { anp } from '../../../server/src/defense/anp';
import { cleanAccuracy, type DefenseContext } from '../../../server/src/defense/context';
import { resolveOptions, type PurifyOptions } from '../../../server/src/defense/options';
import { Run, type PurifyProgress } from '../../../server/src/defense/run';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { batches } from '../../../server/src/gnn/predict';
import { trainClassifier } from '../../../server/src/gnn/train';
import { Rng } from '../../../server/src/graph/rng';
import { selectBackend } from '../../../server/src/tensor/backend';

const { graphs: clean, layout } = encodeDataset({ ...makeMolecules('T', { graphs: 24, seed: 1 }), hash: '' }, 'labels');

describe('adversarial neuron pruning', () => {
  let suspect: GraphModel;
  let progress: PurifyProgress[] = [];
  before(async () => {
    await selectBackend('graphnad');
    suspect = GraphModel.random(
      {
        ...{ kind: 'gin', layers: 2, hidden: 8, inputs: layout.width, classes: 2, readout: 'sum', batchNorm: true },
        eps: [0, 0],
      },
      new Rng(1),
    );
    await trainClassifier(suspect, clean, layout, { seed: 1, epochs: 20 });
  });
  after(() => suspect.dispose());

  /** Gives the purified model to `see`. */
  const prune = async (
    given: PurifyOptions,
    see: (student: GraphModel, context: DefenseContext<unknown>) => void,
  ): Promise<void> => {
    progress = [];
    const context = {
      ...{ suspect, clean, cleanBatches: [...batches(clean, layout)], layout },
      options: resolveOptions({ ...given, method: 'anp' }, clean.length),
      run: new Run(new AbortController().signal, (report) => progress.push(report)),
    };
    const means = {
      fineTuned: () => Promise.resolve(suspect),
      stream: (stage: string) => new Rng(1, stage),
      keep: (m: GraphModel) => m,
    };
    const { student } = await anp.run(context, means);
    see(student, context);
    student.dispose();
  };

  /** Scales of BatchNorm, of all neurons. */
  const scales = (model: GraphModel): number[] =>
    model.linearLayers().flatMap(({ norm }) => (norm === undefined ? [] : [...norm.gamma.dataSync()]));

  it('silences neurons and leaves the others as they were, within what accuracy allows', async () => {
    await prune({ anpSteps: 40, anpThreshold: 0.9, pruningAccuracyLoss: 0.3 }, (student, context) => {
      const [before, after] = [scales(suspect), scales(student)];
      const silenced = after.filter((scale) => scale === 0).length;
      assert.ok(silenced > 0 && silenced < after.length, `${silenced} of ${after.length}`);
      after.forEach((scale, k) => assert.ok(scale === 0 || scale === before[k]));
      const accuracy = cleanAccuracy(context, { model: suspect });
      assert.ok(cleanAccuracy(context, { model: student }) >= accuracy - 0.3);
    });
    assert.deepEqual(
      progress.map(({ epoch, epochs }) => `${epoch}/${epochs}`),
      ['10/40', '20/40', '30/40', '40/40'],
    );
    const sum = (name: string): number => progress.reduce((total, { losses }) => total + losses[name], 0);
    assert.ok(sum('perturbed') > sum('clean'));
  });

  it('prunes all that are below the threshold where accuracy does not count', async () => {
    await prune({ anpSteps: 2, anpThreshold: 1, pruningAccuracyLoss: 1 }, (student) => {
      assert.ok(scales(student).every((scale) => scale === 0));
    });
  });

  it('prunes none where an adversary finds nothing to gain', async () => {
    // Without perturbation or a slope of the masks, which start at 1, nothing falls.
    await prune({ anpSteps: 2, anpPerturbation: 0, anpLearningRate: 1e-9 }, (student) => {
      assert.deepEqual(student.exportTensors(), suspect.exportTensors());
    });
  });
});
