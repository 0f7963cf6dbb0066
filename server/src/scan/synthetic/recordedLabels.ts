import { modelTitles } from '../../../../protocol/model';
import { ginLayers } from '../../gnn/kinds/ginLayers';
import type { GraphModel } from '../../gnn/graphModel';
import { batchNormEpsilon } from '../../tensor/linearRelu';
import { nonNegativeLeastSquares } from './leastSquares';

/** What a checkpoint says about the graphs that the model was trained on. */
export interface RecordedLabels {
  /** How often a label occurs among a node and its neighbours, mean over the nodes of the training graphs, `[inputs]`. */
  readonly neighbourhood: Float64Array;
  readonly meanDegree: number;
}

/** Beyond this, in standard deviations, no counts of labels explain the statistics. Reference models stay below 0.002. */
const largestResidual = 0.02;
/** Mean degrees of graphs that growing and measuring were tried on, with some room. */
const degrees = { least: 1.5, most: 6 } as const;
/** Why nothing can be read out of statistics of other features. */
export const notLabels = 'the statistics of its first layer are not those of one-hot node labels';
/** How close to one the shares of nodes by degree must sum to be taken for such. */
const degreeTolerance = 0.03;

/**
 * Reads label counts and mean degree of the training graphs out of the first BatchNorm of a GIN. Its running mean is
 * W E[a] + b, where a holds the label counts among a node and its neighbours, the node's own weighing 1 + eps: linear
 * equations for E[a] >= 0, one for each channel. E[a] sums to 1 + eps + the mean degree. Weights of labels that never
 * occurred may have decayed to nothing in training; such labels are taken to be absent.
 *
 * @returns a string where they cannot be read: why, as a clause without a full stop
 */
export function recordedLabels(model: GraphModel): RecordedLabels | string {
  const { kind, inputs } = model.architecture;
  if (kind !== 'gin') return `graphs can be made up for a GIN only, and this is a ${modelTitles[kind]}`;
  if (!model.isUsual) return 'graphs can be made up for a GIN of the usual shape only';
  const [{ eps, first }] = ginLayers(model);
  if (first.norm === undefined) {
    return 'its first linear layer has no batch normalisation, whose statistics would tell what the training graphs were like';
  }
  if (inputs < 2) return 'its only node feature does not tell what the training graphs were like';
  const { mean, variance } = first.norm.running;
  const deviation = Float64Array.from(variance, (value) => Math.sqrt(value + batchNormEpsilon));
  const weight = first.weight.dataSync<'float32'>();
  const bias = first.bias.dataSync<'float32'>();
  const columns = Array.from({ length: inputs }, (_, i) =>
    deviation.map((d, j) => weight[i * deviation.length + j] / d),
  );
  const { solution, residual } = nonNegativeLeastSquares(
    columns,
    deviation.map((d, j) => (mean[j] - bias[j]) / d),
  );
  const meanDegree = solution.reduce((sum, value) => sum + value, 0) - 1 - eps;
  if (residual > largestResidual || meanDegree <= 0) return notLabels;
  if (areDegrees(solution, eps)) return 'its node features are degrees, and graphs can be made up for labels only';
  if (!(meanDegree >= degrees.least && meanDegree <= degrees.most)) {
    return (
      `its training graphs had a mean degree of ${meanDegree.toFixed(1)}, if its node features are labels, and graphs can ` +
      `be made up for ${degrees.least} to ${degrees.most} only`
    );
  }
  return { neighbourhood: solution, meanDegree };
}

/**
 * Whether features are one-hot degrees: a node of degree k is counted by its k neighbours and itself, so that
 * E[a]_k / (k + 1 + eps) is the share of nodes of degree k, and these shares sum to one.
 */
function areDegrees(neighbourhood: Float64Array, eps: number): boolean {
  const sum = neighbourhood.reduce((total, value, degree) => total + value / (degree + 1 + eps), 0);
  return Math.abs(sum - 1) < degreeTolerance;
}
