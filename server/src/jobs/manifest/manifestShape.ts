import type {
  ArchitectureOverride,
  FailLevel,
  Manifest,
  ManifestData,
  ManifestModel,
  ManifestPurify,
  ManifestSettings,
  ManifestSeverities,
} from '../../../../protocol/manifest';
import { findingCodes, severities, type FindingCode } from '../../../../protocol/findings';
import {
  activations,
  aggregators,
  featureKinds,
  jumpings,
  modelKinds,
  modelTitles,
  normalisations,
  normKinds,
  readouts,
} from '../../../../protocol/model';
import { methodTitles, purificationMethods } from '../../defense/options';
import { object, type Choice, type ObjectShape, type Shape } from './shape';

const features: Readonly<Record<(typeof featureKinds)[number] | 'auto', string>> = {
  auto: 'The first kind that is as wide as the first layer of the model.',
  labels: 'One-hot of the node label after subtracting the smallest one.',
  'labels-dense': 'One-hot over the sorted distinct node labels.',
  'labels+attributes': 'Attributes first, then `labels`.',
  attributes: 'Attributes alone.',
  embedded: 'Attributes of nodes and edges as whole numbers, for models that embed those.',
  degree: 'One-hot of the degree.',
  constant: 'Ones.',
};

const data = object<ManifestData>(
  'Clean data: graphs that are trusted, of the kind the model was trained on.',
  {
    folder: {
      kind: 'text',
      path: 'data',
      description: 'Folder of a data set in TU format or as OGB keeps it, relative to this file.',
      examples: ['data/AIDS'],
    },
    features: {
      kind: 'text',
      choices: (['auto', ...featureKinds] as const).map((value) => ({ value, description: features[value] })),
      default: 'auto',
      description: 'How node features are made from the data set.',
    },
    cleanIds: {
      kind: 'text',
      path: 'ids',
      description:
        'JSON file with the ids of the graphs that are known to be clean, counted from 0 in data set order. Without it ' +
        'all graphs count as clean.',
      examples: ['data/clean.json'],
    },
    testIds: {
      kind: 'text',
      path: 'ids',
      description: 'JSON file with the ids of the graphs that are held back to measure a purification on.',
      examples: ['data/test.json'],
    },
  },
  { required: ['folder'], examples: [{ folder: 'data/AIDS', features: 'labels' }] },
);

/** What looks for code is never made milder, so codes that are errors anyway are not in the list. */
const changeableCodes = findingCodes.filter((code) => code !== 'GN101' && code !== 'GN103');

function severityOf(code: FindingCode): Shape {
  const levels = code === 'GN102' ? severities.slice(0, 2) : severities;
  return {
    kind: 'text',
    choices: levels.map((value) => ({ value })),
    description: `Severity of findings ${code}; the page docs/findings/${code}.md says what they are.`,
  };
}

const severityTable = object<Omit<ManifestSeverities, 'GN101' | 'GN103'>>(
  'Severities of findings that are to differ from their usual ones. The verdict stays ' +
    'the same. Findings about code can be made graver, never milder.',
  Object.fromEntries(changeableCodes.map((code) => [code, severityOf(code)])) as Record<
    Exclude<FindingCode, 'GN101' | 'GN103'>,
    Shape
  >,
  { examples: [{ GN202: 'information' }] },
);

const purify = object<ManifestPurify>('How the model is purified.', {
  method: {
    kind: 'text',
    choices: purificationMethods.map((value): Choice => ({ value, description: methodTitles[value] })),
    default: 'graphnad',
    description: 'Method of purification.',
  },
  holdingRate: {
    kind: 'number',
    above: 0,
    most: 1,
    default: 0.03,
    description: 'Share of the training split that serves as the clean set, unless the clean graphs are named.',
  },
  options: {
    kind: 'options',
    description: 'Settings of the method that differ from its defaults; docs/settings.md lists them.',
    examples: [{ teacherRounds: 12 }],
  },
  output: {
    kind: 'text',
    path: 'output',
    description:
      'File that the purified model is written to, relative to this file; `{name}` stands for the name of the model ' +
      'file without its extension. Default: beside the model, with `.purified` before the extension.',
    examples: ['purified/{name}.pt'],
  },
});

const seed: Shape = {
  kind: 'number',
  whole: true,
  least: 0,
  most: 0xffffffff,
  description: 'Seed of every random choice.',
};

const failOn: Shape = {
  kind: 'text',
  choices: [
    { value: 'error', description: 'Errors.' },
    { value: 'warning', description: 'Warnings and errors.' },
    { value: 'never', description: 'No findings.' },
  ] satisfies { value: FailLevel; description: string }[],
  default: 'error',
  description: 'Findings that let `graphnad scan` exit with code 1: those of this severity or worse.',
};

const settings: { readonly [Name in keyof Required<ManifestSettings>]: Shape } = {
  data,
  purify,
  severities: severityTable,
  failOn,
  seed,
};

function oneOf(values: readonly string[]): { readonly kind: 'text'; readonly choices: readonly Choice[] } {
  return { kind: 'text', choices: values.map((value) => ({ value })) };
}

/** The form of `architecture`, which may stand alone in a file as well. */
export const architectureShape = object<ArchitectureOverride>(
  'Parts of the architecture that recognition should not guess. They must agree with the tensors as far as these show them.',
  {
    kind: {
      kind: 'text',
      choices: modelKinds.map((value) => ({ value, description: modelTitles[value] })),
      description: 'Kind of the layers.',
    },
    readout: {
      kind: 'text',
      choices: readouts.map((value) => ({ value })),
      description:
        'How a graph is put together from its nodes. Leaves no tensors, so without it clean labels settle it.',
    },
    layers: { kind: 'number', whole: true, least: 1, description: 'Number of layers.' },
    hidden: { kind: 'number', whole: true, least: 1, description: 'Channels of each layer.' },
    inputs: { kind: 'number', whole: true, least: 1, description: 'Features of a node that the first layer takes.' },
    classes: { kind: 'number', whole: true, least: 2, description: 'Number of classes.' },
    batchNorm: { kind: 'flag', description: 'Whether layers are followed by BatchNorms.' },
    eps: {
      kind: 'list',
      items: { kind: 'number', description: 'eps of one layer.' },
      description: 'Of GIN: (1 + eps) weighs the own features of a node, one value a layer.',
    },
    heads: { kind: 'number', whole: true, least: 1, description: 'Of GAT and GATv2: attention heads of each layer.' },
    widths: {
      kind: 'list',
      items: { kind: 'number', whole: true, least: 1, description: 'Channels of one layer.' },
      description: 'Channels of each layer, where they differ.',
    },
    encoder: { kind: 'flag', description: 'Whether a linear layer comes before the first layer.' },
    encoderActivation: {
      kind: 'flag',
      description: 'Whether an activation follows the linear layer before the first layer. Leaves no tensors.',
    },
    activation: {
      ...oneOf(activations),
      default: 'relu',
      description: 'Function behind the layers. Leaves no tensors.',
    },
    lastActivation: {
      kind: 'flag',
      description: 'Whether an activation follows the last layer. Leaves no tensors.',
    },
    norm: { ...oneOf(normKinds), description: 'Kind of the normalisation behind layers, where there is one.' },
    normBehindActivation: {
      kind: 'flag',
      description: 'Whether normalisation comes behind the activation. Leaves no tensors.',
    },
    residual: {
      kind: 'flag',
      description: 'Whether the input of a layer is added to its output. Often leaves no tensors.',
    },
    jumping: {
      ...oneOf(jumpings),
      description:
        'How all layers go into the readout together: side by side, the largest of each channel, or their sum.',
    },
    jumpingInput: {
      kind: 'flag',
      description: 'Whether the features go into the readout with the layers.',
    },
    secondReadout: {
      ...oneOf(readouts),
      description: 'A second readout, side by side with the first. Its channels come behind.',
    },
    head: { kind: 'number', whole: true, least: 1, description: 'Linear layers behind the readout.' },
    aggregator: { ...oneOf(aggregators), description: 'How neighbours are put together. Leaves no tensors.' },
    normalisation: {
      ...oneOf(normalisations),
      default: 'both',
      description: 'Of GCN: which degrees messages are divided by. Leaves no tensors.',
    },
    selfLoops: { kind: 'flag', description: 'Whether nodes count among their neighbours. Leaves no tensors.' },
    embeddings: {
      kind: 'list',
      items: { kind: 'number', whole: true, least: 1, description: 'Places in the table of one number.' },
      description: 'Of models that embed whole numbers: places in the table of each number of a node.',
    },
    edgeEmbeddings: {
      kind: 'list',
      items: { kind: 'number', whole: true, least: 1, description: 'Places in the table of one number.' },
      description: 'The same of an edge.',
    },
    virtualNode: { kind: 'flag', description: 'Whether all nodes of a graph exchange messages with a virtual one.' },
    oneOutput: {
      kind: 'flag',
      description: 'Whether the model gives one number, the score of class 1 against a score of 0 for class 0.',
    },
    headsAveraged: { kind: 'flag', description: 'Whether the last layer takes the mean of its attention heads.' },
    tensors: {
      kind: 'names',
      description:
        'Names of modules or tensors in the file, and what they are called in the usual hand-written module. A name counts ' +
        'for all tensors below it that no longer name counts for. Purified weights go back under the names in the file.',
      examples: [{ 'encoder.a.fc': 'convs.0.nn.0' }],
    },
  },
  { examples: [{ readout: 'mean' }] },
);

const model = object<ManifestModel>(
  'What belongs to one model, or to those that a glob pattern matches.',
  {
    model: {
      kind: 'text',
      path: 'models',
      description:
        'Path of a model file, or a glob pattern, relative to this file. An entry with the path of a model counts before ' +
        'one with a pattern, and of several patterns the first one that matches.',
      examples: ['models/gin_aids.pt', 'models/*.pt'],
    },
    ...settings,
    architecture: architectureShape,
    classNames: {
      kind: 'list',
      items: { kind: 'text', description: 'Name of one class.' },
      description: 'Names of the classes, in the order of the class numbers.',
      examples: [['inactive', 'mutagen']],
    },
    trigger: {
      kind: 'text',
      path: 'trigger',
      description:
        'Trigger file, where the true trigger is known: its attack success is reported by purifications. Nothing is ' +
        'trained or chosen by it.',
      examples: ['triggers/gin_aids.json'],
    },
    benign: {
      kind: 'text',
      path: 'model',
      description:
        'Model of the same data that was never poisoned. With `trigger`, purifications report its flip ASR, the benign floor.',
      examples: ['models/clean.pt'],
    },
  },
  { required: ['model'], examples: [{ model: 'models/gin_aids.pt', data: { folder: 'data/AIDS' } }] },
);

/** The form of `graphnad.json`. */
export const manifestShape: ObjectShape = object<Manifest>(
  'Which data, architecture and settings of GraphNAD belong to which model. Comments are allowed.',
  {
    $schema: { kind: 'text', description: 'Address of the JSON schema, for editors that want it.' },
    ...settings,
    models: { kind: 'list', items: model, description: 'What belongs to single models.' },
  },
);
