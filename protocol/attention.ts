/** The attention of two models on the same graphs, or of one model on graphs without and with a trigger. */

import type { FeatureChoice, FeatureKind } from './model';
import type { TriggerSummary } from './reports';

/**
 * Scheme of the read-only documents that show the attention of a model on one graph, as the sides of a diff. The path is
 * the model file's with `.attention.txt` behind it; the query says which comparison, graph and side.
 */
export const attentionScheme = 'graphnad-attention';

/** Whether graphs are looked at as they are or with a trigger in them. */
export const attentionViews = ['clean', 'triggered'] as const;
export type AttentionViewName = (typeof attentionViews)[number];

/** How attention is computed; see `docs/method.md`. */
export interface AttentionMeasure {
  /** Exponent p of the activations. */
  readonly power: number;
  /** Degree weighting. */
  readonly weighting: string;
}

/** What is compared, on which graphs, and which of them changed most. */
export interface AttentionOverview {
  /** The model before, and that after; one alone is compared with itself: without and with the trigger. */
  readonly models: readonly AttentionModel[];
  readonly data: { readonly folder: string; readonly hash: string; readonly features: FeatureKind };
  /** The names of classes that the data give, by class. */
  readonly classNames: readonly string[];
  readonly measure: AttentionMeasure;
  /** The trigger that graphs were looked at with; absent where none could be found. */
  readonly trigger?: AttentionTrigger;
  /** All graphs that were looked at, in the order of their ids. */
  readonly graphs: readonly AttentionGraphSummary[];
  /** Ids of the graphs by how much attention changed, most first; empty for a view that does not exist. */
  readonly ranked: Readonly<Record<AttentionViewName, readonly number[]>>;
  /** What the reader should know: parts of the architecture that were guessed, why there is no trigger. */
  readonly notes: readonly string[];
}

export interface AttentionModel {
  readonly file: string;
  readonly sha256: string;
  readonly layers: number;
}

export interface AttentionTrigger {
  /** Class that it leads to. */
  readonly target: number;
  /** `scan`: found on the model before. `file`: the trigger file that was named. */
  readonly source: 'scan' | 'file';
  /** Absent for triggers that differ from graph to graph. */
  readonly summary?: TriggerSummary;
}

export interface AttentionGraphSummary {
  /** Id in the data set. */
  readonly id: number;
  /** True class. */
  readonly classLabel: number;
  readonly nodes: number;
  readonly clean?: AttentionChange;
  /** Absent for graphs of the trigger's target class, and those that it does not fit into. */
  readonly triggered?: AttentionChange;
}

/** How far the two sides differ. */
export interface AttentionChange {
  /**
   * Half of the squared distance of the sides' attention maps (the attention loss L_AD of one graph), mean over layers:
   * 0 where they are the same, 1 where they share no node.
   */
  readonly change: number;
  /** Predicted class of either side. */
  readonly before: number;
  readonly after: number;
}

/** The numbers of one graph. */
export interface AttentionGraph {
  readonly id: number;
  readonly classLabel: number;
  readonly view: AttentionViewName;
  readonly change: number;
  readonly before: AttentionSide;
  readonly after: AttentionSide;
}

/** One model on one graph. */
export interface AttentionSide {
  /** Index in {@link AttentionOverview.models}. */
  readonly model: number;
  /** Whether the graph has the trigger in it. */
  readonly triggered: boolean;
  /** Label of each node as the data set writes it, null where it has none; one entry a node. */
  readonly labels: readonly (number | null)[];
  /** Node attributes as the model gets them, one row a node; absent where its features hold none. */
  readonly attributes?: readonly (readonly number[])[];
  /** Undirected edges, each once. */
  readonly edges: readonly (readonly [number, number])[];
  /** Nodes that carry the trigger, or would, ascending; on a side without it they may lie beyond its last node. */
  readonly triggerNodes: readonly number[];
  readonly predicted: number;
  readonly layers: readonly AttentionLayer[];
}

/** Attention over the nodes of a graph in one layer, of unit length. */
export interface AttentionLayer {
  /** One value a node, in [0, 1], with four decimals. */
  readonly attention: readonly number[];
  /** Share of all attention on the top 5% of nodes, at least one. */
  readonly share: number;
  /** Gini coefficient: 0 where all nodes have the same. */
  readonly gini: number;
  /** Entropy over the nodes, divided by its largest value: 1 where all have the same. */
  readonly entropy: number;
}

/** What is compared; the answer to one comparison is computed once as long as its files stay the same. */
export interface AttentionComparison {
  readonly beforeUri: string;
  /** Absent: `beforeUri` is compared with itself, without and with the trigger found in it. */
  readonly afterUri?: string;
  readonly dataUri: string;
  readonly features?: FeatureChoice;
}

/** `graphnad/attention`: compares the attention of two models, or of one with itself. Cancellable. */
export namespace AttentionRequest {
  export const method = 'graphnad/attention';
  export interface Params extends AttentionComparison {
    /** Id in the data set; the graph that changed most where absent. */
    readonly graph?: number;
    /** With the trigger where absent and there is one. */
    readonly view?: AttentionViewName;
    /** Where the client wants work-done progress; without it the server creates its own. */
    readonly workDoneToken?: string;
  }
  export interface Result {
    readonly overview: AttentionOverview;
    readonly graph: AttentionGraph;
    /** The two sides as text with the same lines, see `docs/user-guide.md`. */
    readonly text: { readonly before: string; readonly after: string };
  }
}
