import { attentionViews, type AttentionComparison, type AttentionViewName } from '../../protocol/attention';
import { featureKinds, type FeatureChoice } from '../../protocol/model';

/** One graph of a comparison. */
export interface AttentionPlace {
  readonly comparison: AttentionComparison;
  readonly graph: number;
  readonly view: AttentionViewName;
}

export type Side = 'before' | 'after';

/** The query of a document's address: all that its text follows from. */
export function placeQuery(place: AttentionPlace, side: Side): string {
  const { comparison, graph, view } = place;
  const { beforeUri, afterUri, dataUri, features } = comparison;
  return JSON.stringify({ beforeUri, afterUri, dataUri, features, graph, view, side });
}

/** Reads what {@link placeQuery} wrote; undefined for anything else. */
export function readPlace(query: string): (AttentionPlace & { readonly side: Side }) | undefined {
  let value: unknown;
  try {
    value = JSON.parse(query);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { graph, view, side, ...rest } = value as Readonly<Record<string, unknown>>;
  const comparison = readComparison(rest);
  const known = attentionViews.find((name) => name === view);
  if (comparison === undefined || known === undefined || !Number.isSafeInteger(graph)) return undefined;
  if (side !== 'before' && side !== 'after') return undefined;
  return { comparison, graph: graph as number, view: known, side };
}

function readComparison(value: Readonly<Record<string, unknown>>): AttentionComparison | undefined {
  const { beforeUri, afterUri, dataUri, features } = value;
  if (typeof beforeUri !== 'string' || typeof dataUri !== 'string') return undefined;
  if (afterUri !== undefined && typeof afterUri !== 'string') return undefined;
  const kind = features === undefined ? undefined : choices.find((choice) => choice === features);
  if (features !== undefined && kind === undefined) return undefined;
  return { beforeUri, dataUri, ...(afterUri !== undefined && { afterUri }), ...(kind && { features: kind }) };
}

const choices: readonly FeatureChoice[] = ['auto', ...featureKinds];

/** Whether two comparisons are the same. */
export function isSameComparison(a: AttentionComparison, b: AttentionComparison): boolean {
  const parts = ({ beforeUri, afterUri, dataUri, features }: AttentionComparison): string =>
    JSON.stringify([beforeUri, afterUri, dataUri, features]);
  return parts(a) === parts(b);
}

/** The graph so many steps further down the list; past its end it begins again. */
export function graphBeside(ranked: readonly number[], graph: number, steps: 1 | -1): number | undefined {
  const at = ranked.indexOf(graph);
  if (at < 0) return ranked.at(0);
  return ranked.at((at + steps) % ranked.length);
}
