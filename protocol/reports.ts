/** Results of scanning and purifying: plain JSON, the same for the panel, `--json` and the report file. */

import type { Finding, NotAssessedCode } from './findings';
import type { AssumedParts } from './manifest';
import type { ArchitectureSummary, FeatureKind } from './model';
import type { QueueWait } from './queue';
import type { PurifyReceipt } from './receipt';

/** A share with its 95% Wilson interval. All three lie in [0, 1]. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Number of graphs the share was measured on. */
  readonly count: number;
}

/** A small subgraph that pushes graphs toward `target`. */
export interface TriggerSummary {
  readonly target: number;
  readonly nodes: number;
  /** Undirected edges between trigger nodes; null keeps the edges of the host graph. */
  readonly edges: readonly (readonly [number, number])[] | null;
  /** One feature column per trigger node; null keeps the labels of the host graph. */
  readonly labels: readonly number[] | null;
  /** How host nodes are chosen. */
  readonly placement: 'random' | 'degree' | 'bfs' | 'low-degree';
  /** Whether the trigger's edges replace the induced ones (true) or are added to them. */
  readonly replace: boolean;
  /** `new-nodes`: the trigger's nodes are appended and linked by one edge to one host node. Absent: laid over host nodes. */
  readonly attach?: 'new-nodes';
}

/** A figure on graphs as they are, and on the same graphs with the strongest trigger found; means over graphs. */
export interface CleanAndTriggered {
  readonly clean: number;
  readonly triggered: number;
}

/** A graph that shows how a trigger draws attention. */
export interface AttentionExample extends CleanAndTriggered {
  /** Id in the clean data; position among the graphs of the scan where they have none. */
  readonly graph: number;
  /** Its top nodes with the trigger, the strongest first, counted from 0. */
  readonly nodes: readonly number[];
}

/** How strongly attention sits on few nodes of a layer; see `docs/findings/GN202.md`. */
export interface AttentionConcentration extends CleanAndTriggered {
  /** Layer, counted from 1. `clean` and `triggered`: share of a graph's attention on its top 5% of nodes (at least one). */
  readonly layer: number;
  /** Gini coefficient of attention over the nodes of a graph: 0 where all have the same, towards 1 where one has all. */
  readonly gini: CleanAndTriggered;
  /** Entropy over the nodes of a graph, divided by its largest value: 1 where all have the same, 0 where one has all. */
  readonly entropy: CleanAndTriggered;
  /** The graphs whose share a trigger raises most, at most three, the strongest first. */
  readonly examples: readonly AttentionExample[];
}

/** Models that were known to be backdoored, or to be clean, and how many of them a scan raised a suspicion about. */
export interface ScannedModels {
  readonly models: number;
  /** With GN201 as an error. */
  readonly errors: number;
  /** With GN201 as an error or a warning. */
  readonly findings: number;
}

/** How often scans of the same kind were right about models that their coefficients and thresholds were not made with. */
export interface MeasuredRates {
  /** What was scanned, and with what: `GIN with 128 clean graphs`. */
  readonly scans: string;
  /** With an attack that works: true ASR at least 80%. */
  readonly backdoored: ScannedModels;
  readonly clean: ScannedModels;
  /** So many clean models would get errors that scans of the kind give warnings at most. Default false. */
  readonly warningsOnly?: boolean;
}

export interface BackdoorEvidence {
  /** Probability-like score in [0, 1]; what it means and where it fails: `docs/detection.md`. */
  readonly suspicion: number;
  /** Share of reference clean models with a lower score, in [0, 1]. */
  readonly abovePercentOfClean: number;
  readonly target: number;
  /** Share of clean graphs not of the target class that the strongest trigger found flips. */
  readonly estimatedAsr: Estimate;
  /** The same figure per class, for comparison. */
  readonly estimatedAsrByClass: readonly Estimate[];
  readonly trigger: TriggerSummary;
  readonly attention: readonly AttentionConcentration[];
  readonly signals: Readonly<Record<string, number>>;
  /** How many clean graphs were looked at. */
  readonly cleanGraphs?: number;
  /** How often scans like this one are right; absent where that was not measured. */
  readonly measured?: MeasuredRates;
  /**
   * Why no finding is graver than a warning, a sentence each: scans of such models were not measured, or what the model
   * computes is assumed in part. Absent where there is no such reason.
   */
  readonly cautions?: readonly string[];
  /** How many made-up graphs stood in for clean data; absent where there were data. Nothing here is as certain then. */
  readonly syntheticGraphs?: number;
}

export type BackdoorVerdict =
  | { readonly kind: 'likely'; readonly evidence: BackdoorEvidence }
  | { readonly kind: 'no-sign'; readonly evidence: BackdoorEvidence }
  | {
      readonly kind: 'not-assessed';
      /** A whole clause without a full stop, such as `only 6 clean graphs, and at least 10 are needed`. */
      readonly reason: string;
      /** Which of the GN9xx findings says so. Default GN905. */
      readonly code?: NotAssessedCode;
      /** What was seen without leading to a verdict, such as a scan of made-up graphs. */
      readonly evidence?: BackdoorEvidence;
      /** What nobody vouches for, where a verdict could be reached once somebody does. */
      readonly assumed?: AssumedParts;
      /** Because it was purified, which was confirmed by its statistics: that leaves a scan nothing to judge by. */
      readonly purified?: true;
    };

/** What was read, so that the run can be repeated. */
export interface RunSettings {
  readonly seed: number;
  readonly features?: FeatureKind;
  /** Folder or file of the clean data, as given. */
  readonly data?: string;
  readonly dataHash?: string;
  /** Number of clean graphs used. */
  readonly cleanGraphs?: number;
  readonly backend: string;
}

export interface ScanReport {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly format: string;
  readonly architecture?: ArchitectureSummary;
  /** Why this readout: `settled by clean labels: sum 97.9%, mean 61.2%`. */
  readonly architectureNotes: readonly string[];
  readonly backdoor: BackdoorVerdict;
  readonly findings: readonly Finding[];
  readonly settings: RunSettings;
  /** Name of the class that the evidence is about, where it has another one than its number. */
  readonly targetName?: string;
  /** Where the result was not computed now: it is that of an earlier scan of the same file, data and settings. */
  readonly cached?: {
    /** When that scan ended, as `2025-01-31T12:00:00.000Z`. */
    readonly computed: string;
  };
}

/** A model file that no report could be made of. */
export interface UnreadFile {
  readonly file: string;
  /** A whole clause without a full stop. */
  readonly reason: string;
}

/** Shares in [0, 1]. `asr`, `flipAsr` and `cleanTargetRate` exist where a trigger was given or estimated. */
export interface Metrics {
  readonly acc: number;
  readonly asr?: number;
  readonly flipAsr?: number;
  readonly cleanTargetRate?: number;
}

/** One point of the training curves. */
export interface CurvePoint {
  readonly stage: 'teacher' | 'student';
  /** Epoch over the whole stage, counted from 1. */
  readonly epoch: number;
  /** Mean of each loss term over the epoch, by name (`clean`, `triggered`, `ce`, `attention`, `relation`). */
  readonly losses: Readonly<Record<string, number>>;
  /** Accuracy on the clean graphs that training may see. */
  readonly accuracy?: number;
  /**
   * Flip ASR of one self-made trigger on those graphs, the same all along: the one of forty that serves best on the
   * suspect model. It shows how the attack fades and is not the figure of the comparison, which a searched trigger gives
   * on held-back graphs. At the first epoch and the end of each round, of methods without rounds at about ten epochs.
   */
  readonly asr?: number;
}

/** Figures of one model. `estimated` uses self-made triggers, `true` the trigger file (evaluation only). */
export interface StageFigures {
  readonly estimated: Metrics & {
    readonly asrInterval: Estimate;
    /** Accuracy with its interval. */
    readonly accInterval?: Estimate;
    /** Flip ASR with its interval. */
    readonly flipAsrInterval?: Estimate;
  };
  readonly true?: Metrics;
}

/** One column of the comparison. */
export interface StageResult extends StageFigures {
  readonly name: 'before' | 'fine-tuned' | 'graphnad';
  /** Defense effectiveness rating against `before`, from the estimated figures. */
  readonly der?: number;
}

/** Something to try after a purification that failed: settings of another run that differ from those of this one. */
export interface Remedy {
  /** Of a button. */
  readonly label: string;
  /** What it changes, without a full stop. */
  readonly detail: string;
  readonly holdingRate?: number;
  /** Settings of the method. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface PurifyReport {
  readonly file: string;
  readonly output: string;
  readonly sha256: string;
  readonly outputSha256: string;
  readonly architecture: ArchitectureSummary;
  /** What was guessed about the architecture, and what is special about the output file. */
  readonly notes: readonly string[];
  readonly method: string;
  /** What people call the method. */
  readonly methodTitle: string;
  readonly stages: readonly StageResult[];
  /**
   * A model of the same data that was never poisoned, as its owner says, on the same graphs: its flip ASR is the benign
   * floor (evaluation only). Absent where none was given.
   */
  readonly benign?: StageFigures & { readonly file: string; readonly sha256: string };
  readonly curves: readonly CurvePoint[];
  /** The strongest trigger found in the suspect model; the estimated figures of all stages use it. */
  readonly trigger: TriggerSummary;
  /** Verdict of a fresh scan of the purified model. */
  readonly rescan: BackdoorVerdict;
  readonly verdict: { readonly kind: 'removed' | 'still-suspicious' | 'no-backdoor-found'; readonly text: string };
  readonly advice: readonly string[];
  /** What of the advice another run can try; empty where nothing failed. */
  readonly remedies: readonly Remedy[];
  readonly findings: readonly Finding[];
  readonly settings: RunSettings & {
    /** Held-back graphs that accuracy and attack success were measured on. */
    readonly testGraphs: number;
    readonly holdingRate?: number;
    readonly options: Readonly<Record<string, unknown>>;
  };
  /** What it takes to make the same file again. */
  readonly receipt: PurifyReceipt;
  /** The same run as a command. */
  readonly commandLine: string;
}

/** Progress of a job: enough for a notification, the panel and the terminal. */
export interface JobProgress {
  /** In words: `Teacher`, `Student`, `Re-scan`, ... */
  readonly stage: string;
  readonly stageIndex: number;
  readonly stageCount: number;
  /** Names of all stages in order, where they are known beforehand. */
  readonly stages?: readonly string[];
  /** Epoch within the stage, counted from 1, where the stage has epochs. */
  readonly epoch?: number;
  readonly epochs?: number;
  /** Share of the whole job that is done, in [0, 1]. */
  readonly fraction: number;
  readonly curve?: CurvePoint;
  /** It waits for its turn in a queue, as `stage` says in words; absent where it goes on. */
  readonly waits?: QueueWait;
}
