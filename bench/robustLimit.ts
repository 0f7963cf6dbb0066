/**
 * How far training against self-made triggers can get at all: the backdoored reference models, trained on with every
 * training graph that was not poisoned and its true class, where a purification has 3% of them. What remains is not
 * for want of clean data. The true trigger and the test split are used to report only.
 *
 *   npx tsx bench/robustLimit.ts [NAME ...]
 *
 * NAME is part of a model's name; default: all that `bench/scanCalibration.ts zoo` trains and whose attack works. Prints a
 * table for docs/method.md.
 */
import { resolveOptions } from '../server/src/defense/options';
import { pairedSteps, pairedTerms, type PairedStep } from '../server/src/defense/pairedSteps';
import { trainCopyInRounds } from '../server/src/defense/rounds';
import { Run } from '../server/src/defense/run';
import { TriggerSource } from '../server/src/defense/triggeredCopies';
import type { GraphModel } from '../server/src/gnn/graphModel';
import { batches, predictLogits } from '../server/src/gnn/predict';
import type { Graph } from '../server/src/graph/graph';
import { Rng } from '../server/src/graph/rng';
import { markdownTable } from '../server/src/report/markdown';
import { selectBackend } from '../server/src/tensor/backend';
import { measure } from './purify/fixtures';
import { backdooredZooModels, benignTwin, loadZooSubject, type ZooSubject } from './purify/zooSubjects';

interface Effort {
  readonly title: string;
  readonly triggeredWeight: number;
  readonly worstShare: number;
  readonly learningRate: number;
  readonly candidates: number;
}

const efforts: readonly Effort[] = [
  { title: 'weights of the preset', triggeredWeight: 3, worstShare: 0.7, learningRate: 1e-3, candidates: 2 },
  { title: 'robustness before all', triggeredWeight: 12, worstShare: 1, learningRate: 3e-3, candidates: 4 },
];

const rounds = 40;
const poolSize = 256;

async function main(): Promise<void> {
  await selectBackend('graphnad');
  const parts = process.argv.slice(2);
  const names = backdooredZooModels().filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)));
  const figures = new Map<string, number[][]>();
  for (const name of names) {
    const measured = await measureEfforts(name);
    for (const group of [name.split('-')[0], 'all']) figures.set(group, [...(figures.get(group) ?? []), measured]);
    process.stderr.write(`${name}: ${measured.map((figure) => figure.toFixed(1)).join(' ')}\n`);
  }
  const head = ['models', 'floor', ...efforts.flatMap(({ title }) => [`accuracy change, ${title}`, 'flip ASR'])];
  const rows = [...figures].map(([group, all]) => {
    const means = all[0].map((_, i) => all.reduce((sum, measured) => sum + measured[i], 0) / all.length);
    return [group, ...means.map((mean) => mean.toFixed(1))];
  });
  process.stdout.write(markdownTable([head, ...rows]));
}

/** The floor, and for each effort change of accuracy and flip ASR, in points and percent. */
async function measureEfforts(name: string): Promise<number[]> {
  const subject = await loadZooSubject(name);
  const before = measure(subject.model, subject);
  const twin = benignTwin(name, subject.layout);
  const figures = [100 * measure(twin, subject).flipAsr];
  twin.dispose();
  for (const effort of efforts) {
    const model = await trainWithAll(subject, effort);
    const after = measure(model, subject);
    figures.push(100 * (after.acc - before.acc), 100 * after.flipAsr);
    model.dispose();
  }
  subject.model.dispose();
  return figures;
}

/** The suspect, trained on as the teacher is, but on training graphs and their true classes; no bounds. */
function trainWithAll(subject: ZooSubject, effort: Effort): Promise<GraphModel> {
  const { train, layout, clean } = subject;
  const { learningRate, triggeredWeight, worstShare, candidates } = effort;
  const options = { ...resolveOptions<'graphnad'>({}, clean.length), poolSize };
  const { classes } = subject.model.architecture;
  const weights = { clean: options.teacherCleanWeight, triggered: triggeredWeight };
  const rng = new Rng(0, 'robust limit');
  const triggers = new TriggerSource(train, layout, options);
  const context = {
    ...{ suspect: subject.model, clean, cleanBatches: [...batches(clean, layout)], layout, options },
    run: new Run(new AbortController().signal, () => undefined),
  };
  return trainCopyInRounds<PairedStep>(context, (model) => ({
    ...{ stage: 'teacher', rounds, epochs: options.teacherEpochs, learningRate },
    averagedShare: options.teacherAveragedShare,
    prepare: () => {
      const graphs = [...rng.permutation(train.length).subarray(0, poolSize)].map((i) => train[i]);
      const predict = (candidate: readonly Graph[]): Float32Array => predictLogits(model, candidate, layout);
      const drawing = { ...options, candidates, worstShare, triggers, layout };
      return pairedSteps(graphs, trueLabels(graphs, classes), predict, drawing, rng);
    },
    terms: (step) => pairedTerms(model.forward(step.batch).logits, step, weights),
  }));
}

/** `[graphs, classes]`, 1 for the class of each graph. */
function trueLabels(graphs: readonly Graph[], classes: number): Float32Array {
  const labels = new Float32Array(graphs.length * classes);
  graphs.forEach(({ classLabel }, g) => (labels[g * classes + classLabel] = 1));
  return labels;
}

void main();
