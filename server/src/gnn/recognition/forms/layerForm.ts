import type { ModelKind } from '../../../../../protocol/model';
import type { Convolution, Step } from '../../plan/modelPlan';
import type { NamedTensors } from '../namedTensors';
import type { Settings } from '../settings';

/** What the tensors of a layer are called below its module, and how they are read. */
export interface LayerForm {
  readonly kind: ModelKind;
  /** Tensors of which one shows a layer: `lin.weight`; or what stands before the names of all of a network: `nn.`. */
  readonly marks: readonly string[];
  /** All that a layer may have. */
  readonly parts: readonly string[];
  /** @throws UnrecognisedArchitectureError */
  read(layer: LayerTensors, settings: Settings): FoundLayer;
}

/** The tensors of one layer. */
export interface LayerTensors {
  readonly tensors: NamedTensors;
  /** `convs.0` */
  readonly module: string;
}

/** A layer as far as its tensors show it. */
export interface FoundLayer {
  readonly convolution: Convolution;
  /** A network behind the convolution; what comes behind the layer itself is found later. */
  readonly steps: readonly Step[];
  readonly inputs: number;
  readonly outputs: number;
  /** The first weight, which takes the inputs, and the last one, which gives the outputs. */
  readonly first: string;
  readonly last: string;
  /** Whether the network ends with a normalisation behind an activation, so that none follows. Default false. */
  readonly ended?: boolean;
  /** Of GIN: undefined where the checkpoint keeps none. */
  readonly eps?: number;
  readonly heads?: number;
}
