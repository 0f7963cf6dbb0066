/** Code of a model file that is no import of a pickle. */

export type MentionKind =
  /** Compiled Python inside a Keras configuration. */
  | 'keras-bytecode'
  /** A class or function that a Keras configuration names, of no module of Keras, or one that does more than build layers. */
  | 'keras-object'
  /** A file or address that a Keras layer reads when it is made. */
  | 'keras-path'
  /** A pickled PyTorch module inside a Keras configuration. */
  | 'keras-pickle'
  /** Python in an archive, which importers of archives run. */
  | 'python-source'
  /** An operator that the code of a TorchScript archive calls, of a library outside of PyTorch or one that reaches files. */
  | 'torchscript-operator'
  /** An operator of an ONNX graph from a domain that ONNX does not define. */
  | 'onnx-operator'
  /** Numbers of an ONNX model that lie outside of its folder. */
  | 'onnx-path'
  /** Numbers of an ONNX model that are an address in the memory of the process that loads it. */
  | 'onnx-memory'
  /** Numbers or groups of an HDF5 file that lie in another one. */
  | 'hdf5-path';

export interface CodeMention {
  readonly kind: MentionKind;
  /** Full name, such as `keras.layers.Lambda`, `torch.save` or `com.example.Op`. */
  readonly name: string;
  /** As in `PickleGlobal`: empty for the file itself. */
  readonly entry: string;
  /** Byte in the entry where it stands, where that is known. */
  readonly offset?: number;
  /** What is known of its arguments, as text from the file. */
  readonly detail?: string;
}
