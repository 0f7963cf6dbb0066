/** Bounds on what a file may ask of a reader. Real checkpoints stay far below them; past one, reading stops with a reason. */
export const limits = {
  /** Entries of a zip archive. PyTorch writes one an own storage. */
  zipEntries: 200_000,
  /** Members of a tar archive. PyTorch wrote four. */
  tarMembers: 10_000,
  /** Bytes of a deflated entry for each byte it takes in the file. PyTorch stores entries undeflated. */
  inflateRatio: 200,
  /** Deflated entries up to this size may have any ratio. */
  inflateFreely: 1 << 20,
  /** Bytes of all deflated entries of a file together. */
  inflatedTotal: 1 << 29,
  /** Opcodes of all pickle streams of a file together. */
  pickleOperations: 2_000_000,
  /** Opcodes looked at, without running them, after streams of a file broke. */
  sweepOperations: 5_000_000,
  pickleStack: 500_000,
  pickleMarks: 10_000,
  pickleMemo: 500_000,
  /** Bytes of one text that is read; longer ones stay where they are, as byte strings do. */
  pickleText: 1 << 24,
  /** Bytes of one integer; longer ones become opaque. */
  pickleInteger: 1024,
  /** Streams inside byte strings of streams, archives inside archives. */
  nesting: 4,
  /** Streams tried in bytes that follow a stream or belong to no entry. */
  embeddedStreams: 10_000,
  /** How deep the modules of a whole-module pickle nest. */
  moduleDepth: 100,
  /** Entries of dicts gone through in search of tensors: values may hold each other many times over. */
  entries: 500_000,
  /** Characters of a tensor's name, which is made of those of everything that it is in. */
  tensorName: 4096,
  tensorDimensions: 64,
  /** Elements of a tensor that is read in one piece. An expanded view of one number can claim any size. */
  tensorElements: 1 << 27,
  /** Bytes between the first and the last element of a tensor whose elements do not lie in order, when read in parts. */
  tensorSpan: 1 << 30,
  /** Bytes looked through for pickle streams where a file is read by ranges, of each part that may hold some. */
  streamBytes: 1 << 25,
  /** Bytes of a pickle that are followed to tell whether a file may be a model. */
  pickleWindow: 1 << 26,
  /** Bytes of a file that is read whole: to be run, compressed, or of no format that is known. */
  wholeFile: 2 ** 31 - 1,
  /** Entries up to this size have their checksum compared where a file is read by ranges. */
  checkedEntry: 1 << 16,
  /** Characters that plain data beside the weights take as text; more is not kept when a file is converted. */
  extraText: 1 << 16,
  safetensorsHeader: 1 << 24,
  /** Bytes of the index of a model in several files, and how many files it may name. */
  shardIndex: 1 << 24,
  shards: 500,
  /** Characters of a file's name. */
  fileName: 255,
  /** Bytes of a Keras configuration, values in it, and configurations looked for in one file. */
  configBytes: 1 << 25,
  configValues: 1_000_000,
  configsInFile: 1000,
  /** Values of JSON that stand in one another. */
  jsonDepth: 500,
  /** Bytes of one source file of a TorchScript archive. */
  scriptBytes: 1 << 24,
  /** Anomalies kept of one file, and mentions of code. */
  anomalies: 200,
  mentions: 100_000,
} as const;
