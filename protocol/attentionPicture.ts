/** Messages between the extension host and the picture of the attention on a graph. */

import type { AttentionComparison, AttentionGraph, AttentionViewName } from './attention';

/** Raised when the shape of {@link AttentionPictureState} changes, so that a state kept by an older version is not misread. */
export const attentionPictureVersion = 1;

/** All the picture needs to draw itself; also what is kept over a reload, with the layer that is looked at. */
export interface AttentionPictureState {
  readonly version: number;
  readonly comparison: AttentionComparison;
  readonly graph: AttentionGraph;
  /** Names of the models' files, before and after; the same one twice where a model is compared with itself. */
  readonly names: readonly [before: string, after: string];
  readonly dataName: string;
  /** Views that this graph has. */
  readonly views: readonly AttentionViewName[];
  /** How many graphs changed more, and how many there are in this view. */
  readonly rank: number;
  readonly graphs: number;
  /** Layer that is looked at, counted from 1. Default: the one that changed most. */
  readonly layer?: number;
}

export enum AttentionPictureMessage {
  // to the picture
  State = 'state',
  // from the picture
  Ready = 'ready',
  Step = 'step',
  View = 'view',
  OpenText = 'openText',
}

//#region to the picture

/** The picture draws this. */
interface StateMessage {
  readonly type: AttentionPictureMessage.State;
  readonly state: AttentionPictureState;
}

export type ToAttentionPicture = StateMessage;

//#endregion
//#region from the picture

/** The script runs and waits for its state. */
interface ReadyMessage {
  readonly type: AttentionPictureMessage.Ready;
}

/** The graph that changed next less (1), or next more (-1), is wanted. */
interface StepMessage {
  readonly type: AttentionPictureMessage.Step;
  readonly by: 1 | -1;
}

/** The same graph is wanted as it is, or with the trigger. */
interface ViewMessage {
  readonly type: AttentionPictureMessage.View;
  readonly view: AttentionViewName;
}

/** The text of this graph is wanted, as a diff. */
interface OpenTextMessage {
  readonly type: AttentionPictureMessage.OpenText;
}

export type FromAttentionPicture = ReadyMessage | StepMessage | ViewMessage | OpenTextMessage;

//#endregion
