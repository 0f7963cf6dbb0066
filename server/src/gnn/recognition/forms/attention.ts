import type { AttentionHeads, LinearTensors } from '../../plan/modelPlan';
import { UnrecognisedArchitectureError } from '../../unrecognised';
import { found, inFile, readLinear, readVector, sameValues, type NamedTensors } from '../namedTensors';
import type { LayerForm, LayerTensors } from './layerForm';
import type { Settings } from '../settings';

const gatWeights = ['lin.weight', 'lin_src.weight', 'lin_dst.weight'] as const;

/** `att_src` and `att_dst`, the weight as `lin`, or twice, as `lin_src` and `lin_dst`. */
export const gatForm: LayerForm = {
  kind: 'gat',
  marks: ['att_src'],
  parts: ['att_src', 'att_dst', ...gatWeights, 'bias'],
  read: (layer, settings) => {
    const { tensors, module } = layer;
    const [first, ...copies] = gatWeights.map((part) => `${module}.${part}`).filter((name) => tensors.has(name));
    for (const copy of copies) requireSame(tensors, first, copy);
    const linear = {
      ...readLinear(tensors, first ?? `${module}.${gatWeights[0]}`, { bias: '' }),
      ...(copies.length > 0 && { copies: copies.map((copy) => ({ weight: inFile(tensors, copy) })) }),
    };
    const heads = readHeads(layer, 'att_src', linear.outputs, settings);
    const { heads: count, width } = heads;
    readHeadVectors(layer, 'att_dst', count, width);
    return {
      convolution: {
        ...{ kind: 'gat', ...heads, linear },
        source: inFile(tensors, `${module}.att_src`),
        target: inFile(tensors, `${module}.att_dst`),
      },
      ...sizes(linear, heads),
    };
  },
};

/** `att`, `lin_l` for senders and `lin_r` for receivers, which may be shared. */
export const gatv2Form: LayerForm = {
  kind: 'gatv2',
  marks: ['att'],
  parts: ['att', 'lin_l.weight', 'lin_l.bias', 'lin_r.weight', 'lin_r.bias', 'bias'],
  read: (layer, settings) => {
    const { tensors, module } = layer;
    const [left, right] = ['lin_l', 'lin_r'].map((part) => readLinear(tensors, `${module}.${part}.weight`));
    for (const part of ['inputs', 'outputs'] as const) {
      if (left[part] === right[part]) continue;
      throw new UnrecognisedArchitectureError(
        `${left[part]} ${part} were expected, found ${right[part]}`,
        right.weight,
      );
    }
    const isShared = ['weight', 'bias'].every((part) =>
      sameValues(tensors.get(`${module}.lin_l.${part}`), tensors.get(`${module}.lin_r.${part}`)),
    );
    const heads = readHeads(layer, 'att', left.outputs, settings);
    return {
      convolution: {
        ...{ kind: 'gatv2', ...heads },
        ...(isShared
          ? { source: { ...left, copies: [{ weight: right.weight, ...(right.bias && { bias: right.bias }) }] } }
          : { source: left, target: right }),
        attention: inFile(tensors, `${module}.att`),
      },
      ...sizes(left, heads),
    };
  },
};

function sizes({ inputs, weight }: LinearTensors, { heads, width, averaged }: AttentionHeads) {
  return { steps: [], inputs, outputs: averaged ? width : heads * width, first: weight, last: weight, heads };
}

/** Heads side by side, or their mean: the bias has the width that the layer gives. */
function readHeads(layer: LayerTensors, part: string, outputs: number, { selfLoops = true }: Settings): AttentionHeads {
  const { tensors, module } = layer;
  const [, heads, width] = readHeadVectors(layer, part, undefined, undefined);
  if (heads * width !== outputs) {
    throw new UnrecognisedArchitectureError(
      `shape [1, heads, width] with heads * width = ${outputs} was expected, found ${found(tensors.get(`${module}.${part}`))}`,
      inFile(tensors, `${module}.${part}`),
    );
  }
  const bias = tensors.get(`${module}.bias`);
  const averaged = heads > 1 && bias?.shape.length === 1 && bias.shape[0] === width;
  return {
    heads,
    width,
    ...(averaged && { averaged }),
    ...(bias !== undefined && { bias: readVector(tensors, `${module}.bias`, averaged ? width : outputs) }),
    ...(!selfLoops && { selfLoops }),
  };
}

function readHeadVectors(
  { tensors, module }: LayerTensors,
  part: string,
  heads: number | undefined,
  width: number | undefined,
): readonly number[] {
  const name = `${module}.${part}`;
  const shape = tensors.get(name)?.shape ?? [];
  const fits = shape.length === 3 && shape[0] === 1 && !shape.includes(0);
  if (fits && (heads ?? shape[1]) === shape[1] && (width ?? shape[2]) === shape[2]) return shape;
  throw new UnrecognisedArchitectureError(
    `shape [1, ${heads ?? 'heads'}, ${width ?? 'width'}] was expected, found ${found(tensors.get(name))}`,
    inFile(tensors, name),
  );
}

/** Tensors of one weight under several names must be one weight. */
function requireSame(tensors: NamedTensors, first: string, copy: string): void {
  if (sameValues(tensors.get(first), tensors.get(copy))) return;
  throw new UnrecognisedArchitectureError(
    `it differs from ${inFile(tensors, first)}: weights of senders and receivers of their own are not supported`,
    inFile(tensors, copy),
  );
}
