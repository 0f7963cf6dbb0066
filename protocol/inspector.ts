/** What the model inspector shows: messages to the server, and between the extension host and the inspector's page. */

import type { Finding, FindingCode } from './findings';
import type { AssumedParts } from './manifest';
import type { ArchitectureSummary, ModelFormat, TensorSummary } from './model';
import type { ModelEntry, ModelVerdict } from './models';

/** A tensor as the file describes it; its values were not looked at. */
export interface InspectedTensor extends TensorSummary {
  /** Bytes of its elements. */
  readonly bytes: number;
}

/** A part of the model, drawn as a box. */
export interface ModelPart {
  /** `GIN layer 1`, `Readout`, or the name of a module where no architecture was recognised. */
  readonly title: string;
  /** What happens in it, in order: `Linear 38 → 64, BatchNorm, ReLU`. */
  readonly steps: readonly string[];
  /** Layer, counted from 1, where it is one. */
  readonly layer?: number;
  /** Modules it is made of: a tensor belongs to it that is called so, or begins so with a dot behind. */
  readonly modules: readonly string[];
}

/** Why a container could not be read. */
export interface UnreadableReason {
  /** A clause without a full stop. */
  readonly reason: string;
  readonly entry?: string;
  readonly offset?: number;
}

/** A tensor that cannot be read, and why. */
export interface UnreadTensor {
  readonly name: string;
  /** A clause without a full stop. */
  readonly reason: string;
}

export interface ModelInspection {
  readonly bytes: number;
  /** Changes when the file does; statistics are asked for by it. */
  readonly version: string;
  /** Absent where the container could not be read. */
  readonly format?: ModelFormat;
  readonly unreadable?: UnreadableReason;
  readonly tensors: readonly InspectedTensor[];
  /** Tensors that are in the file and cannot be read. */
  readonly unreadTensors: readonly UnreadTensor[];
  readonly architecture?: ArchitectureSummary;
  /** The same in words: `GIN, 3 layers, 38 -> 64 -> 2, BatchNorm, sum readout`. */
  readonly recognised?: string;
  /** Why no architecture was recognised, or what was assumed. */
  readonly architectureNotes: readonly string[];
  /** From the input to the output where an architecture was recognised, else in the order of the file. */
  readonly parts: readonly ModelPart[];
  /** Key under which the weights lie; empty for a bare state dict. */
  readonly wrapper: string;
  /** What the file says beside the weights, as text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Keys of what else lies beside the weights. */
  readonly otherEntries: readonly string[];
  /** About the file's code, from this look at it. */
  readonly findings: readonly Finding[];
  /** What was not looked at, a sentence each. */
  readonly notes: readonly string[];
  /** Of a small file; that of a large one is asked for by itself. */
  readonly sha256?: string;
}

/** Counts of the values between `from` and `to`, in bins of equal width; the last includes `to`. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

export interface TensorStatistics {
  readonly name: string;
  readonly elements: number;
  /** How many values were looked at: all, or samples taken in blocks spread evenly over the tensor. */
  readonly sampled: number;
  readonly notANumber: number;
  readonly infinite: number;
  /** Of the finite values; absent where there are none. */
  readonly finite?: {
    readonly min: number;
    readonly max: number;
    /** Absent where it overflows, as `norm`. */
    readonly mean?: number;
    /** Euclidean, scaled up from the samples. */
    readonly norm?: number;
    readonly histogram: Histogram;
  };
}

/** A tensor whose values could not be read, and why. */
export interface UnreadStatistics {
  readonly name: string;
  readonly problem: string;
}

/** `graphnad/inspectModel`: what a model file holds, without its values. Costs the same for files of any size. Cancellable. */
export namespace InspectModelRequest {
  export const method = 'graphnad/inspectModel';
  export interface Params {
    readonly uri: string;
  }
  export type Result = ModelInspection;
}

/** `graphnad/tensorStatistics`: figures of some tensors. Fails where the file changed since it was inspected. Cancellable. */
export namespace TensorStatisticsRequest {
  export const method = 'graphnad/tensorStatistics';
  export interface Params {
    readonly uri: string;
    /** Of the inspection that the names are from. */
    readonly version: string;
    readonly names: readonly string[];
  }
  export type Result = readonly (TensorStatistics | UnreadStatistics)[];
}

/** `graphnad/hashModel`: SHA-256 of a file, which takes as long as reading it. Cancellable. */
export namespace HashModelRequest {
  export const method = 'graphnad/hashModel';
  export interface Params {
    readonly uri: string;
  }
  export interface Result {
    /** In hexadecimal. */
    readonly sha256: string;
  }
}

/** What scans found out about a model file. */
export interface ModelKnowledge {
  readonly verdict: ModelVerdict;
  /** The verdict in words, such as `likely backdoored toward class 1`. */
  readonly text: string;
  /** When it was reached, as `2025-01-31T12:00:00.000Z`. */
  readonly reached?: string;
  readonly activity?: ModelEntry['activity'];
  /** SHA-256 of the content that it is about; absent where none was read. */
  readonly sha256?: string;
  /** Architecture in words, with what the scan settled. */
  readonly recognised?: string;
  readonly architectureNotes: readonly string[];
  /** What of the architecture nobody vouches for, where a verdict could be reached once somebody does. */
  readonly assumed?: AssumedParts;
  readonly findings: readonly Finding[];
}

/** `graphnad/modelKnowledge`: what is known of a file by now. Computes nothing. */
export namespace ModelKnowledgeRequest {
  export const method = 'graphnad/modelKnowledge';
  export interface Params {
    readonly uri: string;
  }
  export type Result = ModelKnowledge;
}

/** What a conversion did. */
export interface ConvertReport {
  readonly file: string;
  readonly output: string;
  readonly tensors: number;
  /** Of the output. */
  readonly bytes: number;
  readonly outputSha256: string;
  /** Keys that were written into the output's metadata. */
  readonly metadata: readonly string[];
  /** What is different in the output, a sentence each. */
  readonly notes: readonly string[];
}

/** `graphnad/convertToSafetensors`: writes the tensors of a model into a new safetensors file. Cancellable. */
export namespace ConvertRequest {
  export const method = 'graphnad/convertToSafetensors';
  export interface Params {
    readonly uri: string;
    readonly outputUri: string;
    /** Replace an existing file. Default false: it is an error. */
    readonly overwrite?: boolean;
    /** Where the client wants work-done progress. */
    readonly workDoneToken?: string;
  }
  export type Result = ConvertReport;
}

/** All the inspector's page needs to draw itself, besides statistics. */
export interface InspectorState {
  readonly name: string;
  /** Path as people see it: within the workspace, or whole. */
  readonly path: string;
  /** Why there is no inspection: the file is gone, the server does not run. */
  readonly failure?: string;
  readonly inspection?: ModelInspection;
  /** SHA-256 of the file as inspected, once it is known. */
  readonly sha256?: string;
  /** Its SHA-256 tells whether it is about this content. */
  readonly knowledge?: ModelKnowledge;
}

export enum InspectorMessage {
  // to the page
  State = 'state',
  Statistics = 'statistics',
  // from the page
  Ready = 'ready',
  Command = 'command',
  WantStatistics = 'wantStatistics',
  ExplainFinding = 'explainFinding',
}

//#region to the page

interface StateMessage {
  readonly type: InspectorMessage.State;
  readonly state: InspectorState;
}

interface StatisticsMessage {
  readonly type: InspectorMessage.Statistics;
  readonly version: string;
  readonly statistics: TensorStatisticsRequest.Result;
}

export type ToInspector = StateMessage | StatisticsMessage;

//#endregion
//#region from the page

/** The page's script runs and waits for its state. */
interface ReadyMessage {
  readonly type: InspectorMessage.Ready;
}

export type InspectorCommand =
  | 'scan'
  | 'purify'
  | 'compareAttention'
  | 'convert'
  | 'showReport'
  | 'stateArchitecture'
  | 'hash'
  | 'reload'
  | 'reopenWith';

/** A button was pressed. */
interface CommandMessage {
  readonly type: InspectorMessage.Command;
  readonly command: InspectorCommand;
}

/** Rows came into view whose figures are not known yet. Replaces what was wanted before. */
interface WantStatisticsMessage {
  readonly type: InspectorMessage.WantStatistics;
  readonly version: string;
  readonly names: readonly string[];
}

/** The page about a finding code is wanted. */
interface ExplainFindingMessage {
  readonly type: InspectorMessage.ExplainFinding;
  readonly code: FindingCode;
}

export type FromInspector = ReadyMessage | CommandMessage | WantStatisticsMessage | ExplainFindingMessage;

//#endregion
