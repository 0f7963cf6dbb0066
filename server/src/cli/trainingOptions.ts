import path from 'node:path';
import { featureKinds, modelKinds, readouts } from '../../../protocol/model';
import { backendChoices } from '../jobs/tasks';
import type { TrainRun } from '../jobs/trainTask';
import { choice, idFile, pathOption, requiredText, seedOption, text, UsageError, type Arguments } from './arguments';

/** Options of the commands that train a new model. */
export const trainingOptions = {
  data: { type: 'string' },
  out: { type: 'string' },
  overwrite: { type: 'boolean' },
  report: { type: 'string' },
  arch: { type: 'string' },
  layers: { type: 'string' },
  hidden: { type: 'string' },
  heads: { type: 'string' },
  readout: { type: 'string' },
  'no-batchnorm': { type: 'boolean' },
  features: { type: 'string' },
  epochs: { type: 'string' },
  lr: { type: 'string' },
  'batch-size': { type: 'string' },
  'weight-decay': { type: 'string' },
  balanced: { type: 'boolean' },
  'test-ids': { type: 'string' },
  backend: { type: 'string' },
  threads: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** What their help says of them. */
export const trainingHelp = `  --out MODEL          the file to write: a PyTorch state dict with the names of PyTorch Geometric
  --overwrite          replace existing output files
  --report FILE        write the report as JSON
  --arch KIND          gin (default), gcn, gat, gatv2, sage
  --layers N           1 to 5; default 3
  --hidden N           channels of each layer; default 64
  --heads N            attention heads of gat and gatv2; default 4
  --readout NAME       sum (default), mean, max
  --no-batchnorm       no BatchNorm in the layers
  --features KIND      auto (default: labels, else attributes, else degree), labels, labels-dense, labels+attributes,
                       attributes, degree, constant
  --epochs N           default 40
  --lr X               first learning rate of Adam, falls to 0 along a cosine; default 0.005
  --batch-size N       graphs a step; default 32
  --weight-decay X     default 0
  --balanced           make every class count the same in the loss
  --test-ids FILE      JSON array of graph ids that are held back; default: the last 20% of a seeded permutation
  --backend NAME       auto (default), graphnad, tensorflow, cpu
  --threads N          threads that compute; default 0: one a core, four at most
  --seed N             of the split, the initial weights and all else that is drawn; default 0
  --json               the report as one JSON document on standard output`;

/** The options of {@link trainingOptions} as the jobs take them. */
export async function trainRun(args: Arguments): Promise<TrainRun> {
  const testIds = pathOption(args, 'test-ids');
  return {
    inputs: testIds === undefined ? [] : [testIds],
    data: path.resolve(requiredText(args, 'data')),
    output: path.resolve(requiredText(args, 'out')),
    overwrite: args.values.overwrite === true,
    report: pathOption(args, 'report'),
    features: choice(args, 'features', ['auto', ...featureKinds] as const),
    architecture: {
      kind: choice(args, 'arch', modelKinds),
      layers: countOption(args, 'layers', 5),
      hidden: countOption(args, 'hidden', 4096),
      heads: countOption(args, 'heads', 64),
      readout: choice(args, 'readout', readouts),
      batchNorm: args.values['no-batchnorm'] !== true,
    },
    training: {
      epochs: countOption(args, 'epochs', 100_000) ?? 40,
      learningRate: numberOption(args, 'lr') ?? 0.005,
      batchSize: countOption(args, 'batch-size', 100_000) ?? 32,
      weightDecay: numberOption(args, 'weight-decay') ?? 0,
      balanced: args.values.balanced === true,
    },
    testIds: await idFile(args, 'test-ids'),
    seed: seedOption(args),
    backend: choice(args, 'backend', backendChoices),
  };
}

/** A whole number from 1 to `most`. */
export function countOption(args: Arguments, name: string, most: number, least = 1): number | undefined {
  const value = text(args, name);
  if (value === undefined) return undefined;
  const count = Number(value);
  if (!/^\d+$/.test(value) || count < least || count > most)
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${value}"`);
  return count;
}

/** A number that is not negative. */
export function numberOption(args: Arguments, name: string): number | undefined {
  const value = text(args, name);
  if (value === undefined) return undefined;
  const number = value.trim() === '' ? NaN : Number(value);
  if (!(number >= 0 && Number.isFinite(number)))
    throw new UsageError(`--${name} must be a number that is not negative, not "${value}"`);
  return number;
}
