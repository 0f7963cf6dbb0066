import assert from 'node:assert/strict';
import type { ArchitectureOverride } from '../../../protocol/manifest';
import type { DType, Tensor } from '../../../server/src/checkpoint/checkpoint';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { elementCount } from '../../../server/src/checkpoint/stridedView';
import { recogniseArchitecture, UnrecognisedArchitectureError } from '../../../server/src/gnn/recognise';
import { parsePurifyConfig, PurifyConfigError } from '../../../server/src/jobs/purifyConfig';
import { readOrRefused } from '../checks/refusal';
import { withoutDetails } from '../engine/guard';
import { jsonMutator } from '../mutators/json';
import { jsonInput, samples } from '../samples/files';
import type { FuzzTarget } from '../target';

/** Tensors without their values, and what a user vouches for. */
interface Described {
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly override: ArchitectureOverride;
  readonly dtype: DType;
}

const mostElements = 1 << 16;

export const target: FuzzTarget = {
  title: 'Recognition of architectures',
  code: /^server\/src\/gnn\/(recognition\/|recognise)/,
  seeds: () =>
    [
      ...samples('dialects', /\.(safetensors|pt|ckpt)$/),
      ...samples('dialects/ogb', /\.pt$/),
      ...samples('models', /\.pt$/),
    ].flatMap((bytes) => {
      const { tensors } = readCheckpoint(bytes, 'sample');
      const shapes = Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
      const override = { readout: 'sum', eps: [0], widths: [8], tensors: { lin: 'head' } } as const;
      return [jsonInput({ tensors: shapes, override: {} }), jsonInput({ tensors: shapes, override })];
    }),
  mutate: jsonMutator([
    ...['convs.0.nn.0.weight', 'convs.1.lin.bias', 'conv1.weight', 'bns.0.running_mean', 'lin.weight', 'lin2.bias'],
    ...['module.', 'model.', '_orig_mod.', 'encoder', '.eps', 'att_src', 'lin_l', 'ginlayers.0.apply_fn', 'mlps.0'],
    ...['gnn_node.', 'atom_encoder.atom_embedding_list.0.weight', 'bond_encoder.', 'virtualnode_embedding.weight'],
    ...['readout', 'sum', 'mean', 'max', 'tensors', 'kind', 'hidden', 'layers', 'activation', 'num_batches_tracked'],
  ]),
  run(input) {
    const described = parsed(input);
    if (described === undefined) return 'no description';
    const tensors = tensorsOf(described);
    const { value: recognised, refusal } = readOrRefused([UnrecognisedArchitectureError], () =>
      recogniseArchitecture(tensors, described.override),
    );
    if (recognised === undefined) return refusal;
    const { architecture, notes } = recognised;
    assert.ok(Number.isInteger(architecture.layers) && architecture.layers > 0, 'there are layers');
    assert.ok(architecture.inputs > 0 && architecture.classes > 0, 'there are inputs and classes');
    assert.ok(notes.length > 0, 'what was recognised is said');
    return `${architecture.kind} ${notes.map(withoutDetails).join(' ').slice(0, 200)}`;
  },
};

function parsed(input: Uint8Array): Described | undefined {
  let value: Partial<Described>;
  try {
    value = JSON.parse(Buffer.from(input).toString('utf8')) as Partial<Described>;
  } catch {
    return undefined;
  }
  // Readers of checkpoints and receipts let nothing else through.
  const { tensors, override: vouched = {}, dtype = 'float32' } = value ?? {};
  const override = vouchedFor(vouched);
  const isShape = (shape: unknown) =>
    Array.isArray(shape) && shape.length <= 8 && shape.every((size) => Number.isInteger(size) && size >= 0);
  if (!isRecord(tensors) || !Object.values(tensors).every(isShape) || override === undefined) return undefined;
  return { tensors, override, dtype };
}

function vouchedFor(architecture: unknown): ArchitectureOverride | undefined {
  const receipt = JSON.stringify({ architecture });
  return readOrRefused([PurifyConfigError], () => parsePurifyConfig(receipt, 'receipt.json')).value?.architecture;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tensorsOf({ tensors, dtype }: Described): Map<string, Tensor> {
  return new Map(
    Object.entries(tensors).map(([name, shape]) => {
      const values = () => new Float64Array(Math.min(mostElements, elementCount(shape))).fill(0.5);
      return [name, { name, dtype, shape, values }];
    }),
  );
}
