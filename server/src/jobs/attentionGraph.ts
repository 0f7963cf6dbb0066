import type { AttentionGraph, AttentionViewName } from '../../../protocol/attention';
import type { AttentionResult } from './attentionTask';

/** A graph that a comparison did not look at in this view. */
class AttentionGraphError extends Error {
  override readonly name = 'AttentionGraphError';

  constructor(
    readonly graph: number | undefined,
    readonly view: AttentionViewName,
    readonly reason: string,
  ) {
    super(graph === undefined ? reason : `graph ${graph}: ${reason}`);
  }
}

export interface GraphChoice {
  /** Id in the data set; default: the graph that changed most. */
  readonly graph?: number;
  /** Default: with the trigger, where the graph was looked at so. */
  readonly view?: AttentionViewName;
}

/** The numbers of one graph of a comparison. @throws AttentionGraphError */
export function chooseGraph({ overview, graphs }: AttentionResult, choice: GraphChoice): AttentionGraph {
  const { view = preferredView(overview.ranked, choice.graph) } = choice;
  const { graph = overview.ranked[view].at(0) } = choice;
  const found = graphs.find((candidate) => candidate.id === graph && candidate.view === view);
  if (found !== undefined) return found;
  const seen = overview.graphs.some(({ id }) => id === graph);
  const reason =
    view === 'triggered' && seen
      ? 'it is of the class that the trigger leads to, or not larger than the trigger'
      : 'it is not among the graphs that were looked at';
  throw new AttentionGraphError(graph, view, graph === undefined ? 'there is no graph to look at' : reason);
}

function preferredView(ranked: AttentionResult['overview']['ranked'], graph: number | undefined): AttentionViewName {
  const { triggered } = ranked;
  return graph === undefined
    ? triggered.length > 0
      ? 'triggered'
      : 'clean'
    : triggered.includes(graph)
      ? 'triggered'
      : 'clean';
}
