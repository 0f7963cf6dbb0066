import type { ArchitectureSummary } from '../../../protocol/model';
import type { Dataset } from './dataset';

/** Larger numbers are no places in a table that somebody trains. */
const largestPlace = 1_000_000;

/** What a data set offers to models that embed whole numbers: how many places a table for each column needs. */
export interface WholeColumns {
  /** Of the node attributes; absent where they are not all whole numbers from 0 on, or there are none. */
  readonly nodes?: readonly number[];
  /** Of the edge attributes. */
  readonly edges?: readonly number[];
  /** Why attributes of edges are not there though files hold some. */
  readonly edgeProblem?: string;
}

/** What a model takes of a data set; with `embeddings` whole numbers that it embeds, else a matrix of `inputs` columns. */
export type ModelFeatures = Pick<ArchitectureSummary, 'inputs' | 'embeddings' | 'edgeEmbeddings'>;

/** The largest value of each column plus one. */
export function wholeColumns(dataset: Dataset): WholeColumns {
  const { rawGraphs, attributeWidth, edgeAttributeWidth = 0, edgeProblem } = dataset;
  const nodes = places(
    rawGraphs.map(({ attributes }) => attributes),
    attributeWidth,
  );
  const edges = places(
    rawGraphs.flatMap(({ edgeAttributes = [] }) => [edgeAttributes]),
    edgeAttributeWidth,
  );
  return { ...(nodes && { nodes }), ...(edges && { edges }), ...(edgeProblem !== undefined && { edgeProblem }) };
}

/** Places that tables for the columns of some matrices need; undefined where a value is no place. */
export function places(matrices: readonly ArrayLike<number>[], width: number): readonly number[] | undefined {
  if (width === 0) return undefined;
  const needed = new Array<number>(width).fill(0);
  for (const values of matrices) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!Number.isInteger(value) || value < 0 || value >= largestPlace) return undefined;
      if (value >= needed[i % width]) needed[i % width] = value + 1;
    }
  }
  return needed;
}

/** Whether a model has a place for every number that nodes have, and edges where it embeds those. */
export function canBeEmbedded({ nodes, edges }: WholeColumns, { embeddings, edgeEmbeddings }: ModelFeatures): boolean {
  return fits(nodes, embeddings) && (edgeEmbeddings === undefined || fits(edges, edgeEmbeddings));
}

/** Whether two models embed the same numbers, or none. */
export function embedsAlike(a: ModelFeatures, b: ModelFeatures): boolean {
  const tables = ({ embeddings, edgeEmbeddings }: ModelFeatures): string =>
    JSON.stringify([embeddings, edgeEmbeddings]);
  return tables(a) === tables(b);
}

/** What a model embeds and what a data set gives, in words. */
export function embeddingMisfit(name: string, columns: WholeColumns, model: ModelFeatures): string {
  const { embeddings, edgeEmbeddings } = model;
  if (embeddings === undefined) return 'the model embeds no numbers, so the features "embedded" are none that it takes';
  const ofEdges = edgeEmbeddings === undefined ? '' : ` and of an edge ${below(edgeEmbeddings)}`;
  const given = ([what, places]: readonly [string, WholeColumns['nodes']]): string =>
    places === undefined ? `no whole numbers of ${what}` : `of ${what} ${below(places)}`;
  const gives = [['nodes', columns.nodes] as const, ['edges', columns.edges] as const].map(given).join(' and ');
  const why = columns.edgeProblem === undefined ? '' : ` (${columns.edgeProblem})`;
  return `the model embeds of a node ${below(embeddings)}${ofEdges}; ${name} gives ${gives}${why}`;
}

function fits(needed: readonly number[] | undefined, tables: readonly number[] | undefined): boolean {
  return needed?.length === tables?.length && (needed?.every((places, i) => places <= (tables?.[i] ?? 0)) ?? false);
}

/** `9 whole numbers below 119, 5, 12` */
function below(places: readonly number[]): string {
  return `${places.length === 1 ? '1 whole number' : `${places.length} whole numbers`} below ${places.join(', ')}`;
}
