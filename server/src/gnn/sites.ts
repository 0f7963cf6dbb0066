/**
 * Where activations can be looked at, in the order they are computed within a layer: what the linear map takes of the
 * neighbourhood, what is between two linear maps, what the layer gives. Not every kind of layer has all of them.
 */
export type Site = 'aggregated' | 'hidden' | 'output';

/** Upper bounds of a layer's activations per channel; no bound where absent. */
export type LayerBounds = { readonly [site in Site]?: Float32Array };

/** Bounds that hold activations to what clean graphs need. */
export interface Bounds {
  /** One entry a layer. */
  readonly layers: readonly LayerBounds[];
  /** Bounds of each node's contribution to the logits, centred over classes, `[classes]` each. Not for readout max. */
  readonly contributions?: { readonly low: Float32Array; readonly high: Float32Array };
}
