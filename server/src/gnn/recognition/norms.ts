import type { NormKind } from '../../../../protocol/model';
import type { NormStep } from '../plan/modelPlan';
import { UnrecognisedArchitectureError } from '../unrecognised';
import { inFile, readVector, type Module, type NamedTensors } from './namedTensors';

/** Whether a module is a normalisation: it has statistics, or a vector to scale by. */
export function isNorm(tensors: NamedTensors, { name, parts }: Module): boolean {
  return parts.includes('running_mean') || tensors.get(`${name}.weight`)?.shape.length === 1;
}

/** Whether a module is a linear map. */
export function isLinear(tensors: NamedTensors, { name }: Module): boolean {
  return tensors.get(`${name}.weight`)?.shape.length === 2;
}

/** Channels that a normalisation is made for. */
export function normWidth(tensors: NamedTensors, { name }: Module): number {
  const [width] = (tensors.get(`${name}.running_mean`) ?? tensors.get(`${name}.weight`))?.shape ?? [];
  return width;
}

/**
 * Reads a normalisation of channels. BatchNorms show by their statistics, GraphNorms by `mean_scale`.
 *
 * @param other kind of those that show by nothing. Default `layer`
 * @throws UnrecognisedArchitectureError
 */
export function readNorm(
  tensors: NamedTensors,
  { name, parts }: Module,
  width: number,
  other: NormKind = 'layer',
): NormStep {
  const vector = (part: string): string => readVector(tensors, `${name}.${part}`, width);
  const isBatch = parts.includes('running_mean') || parts.includes('running_var');
  const scaled = parts.includes('weight') || parts.includes('bias') || !isBatch;
  const known = ['weight', 'bias', ...(isBatch ? ['running_mean', 'running_var', 'num_batches_tracked'] : ['mean_scale'])]; // prettier-ignore
  const stranger = parts.find((part) => !known.includes(part));
  if (stranger !== undefined) {
    const reason = 'it belongs to no known kind of normalisation';
    throw new UnrecognisedArchitectureError(reason, inFile(tensors, `${name}.${stranger}`));
  }
  return {
    step: 'norm',
    kind: isBatch ? 'batch' : parts.includes('mean_scale') ? 'graph' : other,
    width,
    ...(scaled && { scale: vector('weight'), shift: vector('bias') }),
    ...(isBatch && { mean: vector('running_mean'), variance: vector('running_var') }),
    ...(parts.includes('num_batches_tracked') && { counter: inFile(tensors, `${name}.num_batches_tracked`) }),
    ...(parts.includes('mean_scale') && { meanScale: vector('mean_scale') }),
  };
}
