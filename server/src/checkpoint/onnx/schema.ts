/** Field numbers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, of the messages that are read. */

export const modelField = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  domain: 4,
  modelVersion: 5,
  docString: 6,
  graph: 7,
  opsetImport: 8,
  metadata: 14,
  functions: 25,
} as const;
export const opsetField = { domain: 1, version: 2 } as const;
export const entryField = { key: 1, value: 2 } as const;
export const graphField = { node: 1, name: 2, initializer: 5, sparseInitializer: 15 } as const;
export const functionField = { node: 7, attributeDefault: 11 } as const;
export const nodeField = { output: 2, operator: 4, attribute: 5, domain: 7 } as const;
export const attributeField = {
  name: 1,
  tensor: 5,
  graph: 6,
  tensors: 10,
  graphs: 11,
  sparse: 22,
  sparses: 23,
} as const;
export const sparseField = { values: 1, indices: 2 } as const;
export const tensorField = {
  dims: 1,
  dataType: 2,
  segment: 3,
  floatData: 4,
  int32Data: 5,
  stringData: 6,
  int64Data: 7,
  name: 8,
  rawData: 9,
  doubleData: 10,
  uint64Data: 11,
  externalData: 13,
  dataLocation: 14,
} as const;
