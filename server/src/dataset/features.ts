import { featureKinds, type FeatureKind } from '../../../protocol/model';
import type { FeatureLayout, Graph } from '../graph/graph';
import type { Dataset, RawGraph } from './dataset';
import { encodeEmbedded } from './embedded';
import { canBeEmbedded, embeddingMisfit, wholeColumns, type ModelFeatures, type WholeColumns } from './wholeColumns';

/** Columns of each feature kind that a data set can give. */
export type FeatureWidths = Readonly<Partial<Record<FeatureKind, number>>>;

/** Node features that do not fit: what was asked for, and what the data set can give. */
export class FeatureMismatchError extends Error {
  override readonly name = 'FeatureMismatchError';

  private constructor(
    message: string,
    /** Name of the data set. */
    readonly dataset: string,
    /** Columns of each feature kind that the data set can give. */
    readonly widths: FeatureWidths,
    /** Columns the model takes, where that was the question. */
    readonly inputs?: number,
  ) {
    super(message);
  }

  /** No feature kind, or not the one asked for, has the model's number of columns. */
  static forDataset(dataset: Dataset, inputs: number): FeatureMismatchError {
    return FeatureMismatchError.forWidths(dataset.name, featureWidths(dataset), inputs);
  }

  /** The same of a data set of which no more is known than its name and what it can give. */
  static forWidths(name: string, widths: FeatureWidths, inputs: number): FeatureMismatchError {
    const text = `the model takes ${inputs} ${inputs === 1 ? 'feature' : 'features'} per node; ${describe(name, widths)}`;
    return new FeatureMismatchError(text, name, widths, inputs);
  }

  /** The model embeds other numbers than the data set gives, or embeds none and was to be given some. */
  static forEmbedding(name: string, columns: WholeColumns, model: ModelFeatures): FeatureMismatchError {
    return new FeatureMismatchError(embeddingMisfit(name, columns, model), name, {}, model.inputs);
  }

  /** The data set lacks what a feature kind is made from. */
  static forKind(dataset: Dataset, kind: FeatureKind): FeatureMismatchError {
    const widths = featureWidths(dataset);
    const text = `${dataset.name} has nothing to make the features "${kind}" from; ${describe('it', widths)}`;
    return new FeatureMismatchError(text, dataset.name, widths);
  }
}

/**
 * Makes model inputs from a data set, with the conventions of PyTorch Geometric: `labels` is one-hot after subtracting
 * the smallest label (max - min + 1 columns), `labels-dense` one-hot over the sorted distinct labels,
 * `labels+attributes` has the attributes first, `degree` is one-hot of the degree, `constant` is ones. `embedded` is the
 * attributes as whole numbers, of nodes and of edges.
 *
 * @param inputs columns the model takes. Only `degree` (degrees above the last column count as it) and `constant` can
 *   be made to measure; every other kind must have that width of itself. Default: the data set's own width, which is
 *   the largest degree + 1 for `degree` and 1 for `constant`
 * @throws FeatureMismatchError where the data set lacks labels or attributes, or the width is not `inputs`
 */
export function encodeDataset(
  dataset: Dataset,
  kind: FeatureKind,
  inputs?: number,
): { graphs: Graph[]; layout: FeatureLayout } {
  if (kind === 'embedded') {
    const columns = wholeColumns(dataset);
    if (columns.nodes === undefined) throw FeatureMismatchError.forKind(dataset, kind);
    if (inputs !== undefined && dataset.attributeWidth !== inputs)
      throw FeatureMismatchError.forDataset(dataset, inputs);
    return encodeEmbedded(dataset, columns);
  }
  const ownWidth = featureWidths(dataset)[kind];
  if (ownWidth === undefined) throw FeatureMismatchError.forKind(dataset, kind);
  const toMeasure = kind === 'degree' || kind === 'constant';
  const width = toMeasure ? (inputs ?? ownWidth) : ownWidth;
  if (inputs !== undefined && width !== inputs) throw FeatureMismatchError.forDataset(dataset, inputs);

  const attributeWidth = kind === 'attributes' || kind === 'labels+attributes' ? dataset.attributeWidth : 0;
  const labelColumns = toMeasure ? 0 : width - attributeWidth;
  const columnOf = labelColumns > 0 ? labelColumn(dataset, kind) : undefined;
  return {
    graphs: dataset.rawGraphs.map((raw) => encodeGraph(raw, columnOf, attributeWidth)),
    layout: { kind, width, attributeWidth, labelColumns },
  };
}

/**
 * Feature kinds of exactly `inputs` columns, the most usual first. `labels-dense` is left out where it is the same as
 * `labels`. `degree` counts only at the data set's own width: made to measure it would fit every model, and features
 * that the model was not trained on give verdicts that mean nothing.
 */
export function fittingFeatureKinds(dataset: Dataset, inputs: number): FeatureKind[] {
  return kindsOfWidth(featureWidths(dataset), inputs);
}

/** The same of a data set of which no more is known than what it can give. */
function kindsOfWidth(widths: FeatureWidths, inputs: number): FeatureKind[] {
  return featureKinds.filter(
    (kind) => widths[kind] === inputs && !(kind === 'labels-dense' && widths.labels === inputs),
  );
}

/**
 * Feature kinds that a model can be given: `embedded` alone where it embeds, else those of its width.
 *
 * @param columns whole numbers that the data set offers
 */
export function kindsFor(widths: FeatureWidths, columns: WholeColumns, model: ModelFeatures): FeatureKind[] {
  if (model.embeddings === undefined) return kindsOfWidth(widths, model.inputs);
  return canBeEmbedded(columns, model) ? ['embedded'] : [];
}

/** Columns of each feature kind that a data set can give, but for numbers that models embed. */
export function featureWidths(dataset: Dataset): FeatureWidths {
  const { distinctNodeLabels: labels, attributeWidth } = dataset;
  const labelWidth = labels.length > 0 ? labels[labels.length - 1] - labels[0] + 1 : 0;
  return {
    ...(labelWidth > 0 ? { labels: labelWidth, 'labels-dense': labels.length } : {}),
    ...(labelWidth > 0 && attributeWidth > 0 ? { 'labels+attributes': labelWidth + attributeWidth } : {}),
    ...(attributeWidth > 0 ? { attributes: attributeWidth } : {}),
    degree: maxDegree(dataset) + 1,
    constant: 1,
  };
}

function describe(subject: string, widths: FeatureWidths): string {
  const parts = featureKinds.filter((kind) => widths[kind] !== undefined).map((kind) => `${kind} ${widths[kind]}`);
  return `${subject} gives ${parts.join(', ')}`;
}

function labelColumn(dataset: Dataset, kind: FeatureKind): (label: number) => number {
  const labels = dataset.distinctNodeLabels;
  if (kind !== 'labels-dense') return (label) => label - labels[0];
  const columns = new Map(labels.map((label, column) => [label, column]));
  return (label) => columns.get(label) ?? 0;
}

function encodeGraph(raw: RawGraph, columnOf: ((label: number) => number) | undefined, attributeWidth: number): Graph {
  return {
    nodeCount: raw.nodeCount,
    edges: raw.edges,
    nodeLabels: columnOf ? raw.nodeLabels.map(columnOf) : new Int32Array(0),
    attributes: attributeWidth > 0 ? raw.attributes : new Float32Array(0),
    classLabel: raw.classLabel,
  };
}

function maxDegree(dataset: Dataset): number {
  let largest = 0;
  for (const { nodeCount, edges } of dataset.rawGraphs) {
    const degrees = new Int32Array(nodeCount);
    for (const node of edges) largest = Math.max(largest, ++degrees[node]);
  }
  return largest;
}
