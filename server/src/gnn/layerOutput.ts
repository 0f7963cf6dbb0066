import type * as tf from '@tensorflow/tfjs-core';
import type { NodeClasses } from '../graph/fold';

/** What a layer computes of the nodes of a batch, once for each class of nodes that come out equal. */
export interface LayerOutput {
  /** `[classes.count, hidden]` */
  readonly rows: tf.Tensor2D;
  readonly classes: NodeClasses;
}
