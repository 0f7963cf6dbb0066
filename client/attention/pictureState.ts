import { attentionViews, type AttentionRequest } from '../../protocol/attention';
import { attentionPictureVersion, type AttentionPictureState } from '../../protocol/attentionPicture';
import type { AttentionPlace } from './attentionPlace';

/** What a picture shows of a graph, from what the server knows of it. */
export function pictureState(
  { comparison }: Pick<AttentionPlace, 'comparison'>,
  { overview, graph }: AttentionRequest.Result,
  names: readonly [before: string, after: string],
): AttentionPictureState {
  const ranked = overview.ranked[graph.view];
  return {
    version: attentionPictureVersion,
    comparison,
    graph,
    names,
    dataName: overview.data.folder.split(/[\\/]/).filter(Boolean).at(-1) ?? '',
    views: attentionViews.filter((view) => overview.ranked[view].includes(graph.id)),
    rank: ranked.indexOf(graph.id),
    graphs: ranked.length,
  };
}

/** Whether something that was kept is a state that this version can read. */
export function isPictureState(value: unknown): value is AttentionPictureState {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === attentionPictureVersion &&
    'comparison' in value &&
    'graph' in value
  );
}
