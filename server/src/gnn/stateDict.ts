/** One entry of a model's state dict, ready to be written to a checkpoint. */
export interface StateDictEntry {
  readonly name: string;
  readonly dtype: 'float32' | 'int64';
  /** As in PyTorch: weights are `[outputs, inputs]`. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
