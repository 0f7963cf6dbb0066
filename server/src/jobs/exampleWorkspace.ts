import type { ArchitectureSummary } from '../../../protocol/model';
import { attackMetrics, accuracy } from '../attack/metrics';
import { cliqueEdges } from '../attack/motifs';
import { poisonTrainingSet } from '../attack/poisoning';
import type { Trigger } from '../attack/trigger';
import { formatTriggerFile, parseTriggerFile } from '../attack/triggerFile';
import { triggeredGraphs, type TriggeredSet } from '../attack/triggeredGraphs';
import { createPyTorchCheckpoint } from '../checkpoint/createCheckpoint';
import { encodeDataset } from '../dataset/features';
import { makeMolecules } from '../dataset/synthetic';
import { parseTu } from '../dataset/tu';
import { formatTu } from '../dataset/tuWriter';
import { GraphModel } from '../gnn/graphModel';
import { argmaxRows, predictLogits } from '../gnn/predict';
import { trainClassifier } from '../gnn/train';
import type { FeatureLayout, Graph } from '../graph/graph';
import { Rng } from '../graph/rng';
import { makeSplits } from '../graph/splits';
import { selectBackend } from '../tensor/backend';
import { graphsOf } from './cleanData';
import { exampleReadme, type ExampleFigures } from './exampleReadme';
import { checkFolder, writeFolder } from './writeFolder';

export interface ExampleOptions {
  readonly signal?: AbortSignal;
  /** What is being done, in words. */
  readonly progress?: (text: string) => void;
  /** Graphs of the data set. Default 2000. */
  readonly graphs?: number;
  /** Epochs each model is trained. Default 8. */
  readonly epochs?: number;
}

const DATA = 'MOLECULES';
const TARGET = 1;
/** A pattern that the molecules do not have. */
const TRIGGER: Trigger = { nodes: 5, edges: cliqueEdges(5), labels: null, placement: 'random', replace: true };
const TRIGGER_TEXT = 'five nodes each joined to each other';
const POISONING_RATE = 0.1;

/**
 * Makes the example workspace: a synthetic TU data set, a GIN trained on it, the same GIN trained on a poisoned copy of
 * the training split, and the trigger. Both models are trained with the split that product defaults give for `seed`,
 * so that test figures are honest. The same seed gives the same bytes.
 *
 * @param folder must not exist, or be empty
 * @throws OutputError, BackendError, and the signal's reason once aborted; nothing is left behind then
 */
export async function makeExampleWorkspace(folder: string, seed: number, options: ExampleOptions = {}): Promise<void> {
  await checkFolder(folder);
  await writeFolder(folder, await makeExampleFiles(seed, options));
}

/** The files of the example workspace: contents by path. */
export async function makeExampleFiles(
  seed: number,
  options: ExampleOptions = {},
): Promise<Map<string, string | Uint8Array>> {
  // Named, not `auto`: another backend adds in another order and gives other bytes.
  await selectBackend('graphnad');
  const { progress = () => undefined } = options;
  progress('Making the data set');
  const tu = formatTu(makeMolecules(DATA, { seed, graphs: options.graphs }));
  const task = readTask(tu, seed);

  const triggerFile = formatTriggerFile('subgraph', TARGET, TRIGGER, seed);
  const poisoning = { trigger: TRIGGER, target: TARGET, rate: POISONING_RATE };
  const poisoned = poisonTrainingSet(task.train, poisoning, new Rng(seed, 'attack'));
  const attacked = attackedGraphs(triggerFile, task);

  const clean = await trainModel('clean', task, task.train, attacked, seed, options);
  const backdoored = await trainModel('backdoored', task, poisoned.graphs, attacked, seed, options);
  const files = new Map<string, string | Uint8Array>();
  for (const [name, text] of tu) files.set(`data/${DATA}/${name}`, text);
  files.set('models/clean.pt', clean.checkpoint);
  files.set('models/backdoored.pt', backdoored.checkpoint);
  files.set('models/backdoored.trigger.json', triggerFile);
  files.set('README.md', exampleReadme({ seed, data: DATA, target: TARGET, trigger: TRIGGER_TEXT, clean, backdoored }));
  return files;
}

/** The learning task: the data as anybody reads them back from the written files. */
interface Task {
  readonly graphs: readonly Graph[];
  readonly layout: FeatureLayout;
  readonly classCount: number;
  readonly train: readonly Graph[];
  readonly testIds: readonly number[];
}

function readTask(tu: ReadonlyMap<string, string>, seed: number): Task {
  const encoder = new TextEncoder();
  const dataset = parseTu(DATA, new Map([...tu].map(([name, text]) => [name, encoder.encode(text)])));
  const { graphs, layout } = encodeDataset(dataset, 'labels');
  const splits = makeSplits(
    graphs.map((graph) => graph.classLabel),
    { seed },
  );
  return {
    graphs,
    layout,
    classCount: dataset.classNames.length,
    train: graphsOf(graphs, splits.train),
    testIds: splits.test,
  };
}

function attackedGraphs(triggerFile: string, { graphs, testIds, layout, classCount }: Task): TriggeredSet {
  const file = 'models/backdoored.trigger.json';
  return triggeredGraphs(parseTriggerFile(triggerFile, file), graphs, testIds, layout, classCount, file);
}

async function trainModel(
  name: string,
  task: Task,
  training: readonly Graph[],
  attacked: TriggeredSet,
  seed: number,
  { signal, progress, epochs = 8 }: ExampleOptions,
): Promise<ExampleFigures & { checkpoint: Uint8Array }> {
  const model = GraphModel.random(architectureFor(task), new Rng(seed, 'initial weights'));
  try {
    progress?.(`Training the ${name} model`);
    await trainClassifier(model, training, task.layout, { seed, epochs, signal });
    const predict = (graphs: readonly Graph[]): Int32Array =>
      argmaxRows(predictLogits(model, graphs, task.layout), task.classCount);
    const test = graphsOf(task.graphs, task.testIds);
    return {
      acc: accuracy(
        predict(test),
        test.map((graph) => graph.classLabel),
      ),
      asr: attackMetrics(predict(graphsOf(task.graphs, attacked.ids)), predict(attacked.graphs), TARGET).asr,
      checkpoint: createPyTorchCheckpoint(model.stateDict()),
    };
  } finally {
    model.dispose();
  }
}

function architectureFor({ layout, classCount }: Task): ArchitectureSummary {
  return {
    kind: 'gin',
    layers: 3,
    hidden: 32,
    inputs: layout.width,
    classes: classCount,
    readout: 'sum',
    batchNorm: true,
    eps: [0, 0, 0],
  };
}
