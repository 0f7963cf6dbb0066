import type { Rule } from './cpuProfile';

/** What a purification spends its time on, by stage. */
export const stageRules: readonly Rule[] = [
  { label: 'garbage collection', pattern: /#\(garbage collector\)$/ },
  { label: 'bounds', pattern: /defense\/teacher\.ts#boundSuspect/ },
  // Both go on in the same function after every pause.
  { label: 'teacher and student', pattern: /defense\/(?:teacher|student|rounds)\.ts#/ },
  { label: 'fine-tuning', pattern: /defense\/fineTune\.ts#/ },
  { label: 'search for a trigger, and re-scan', pattern: /server\/src\/scan\// },
  { label: 'figures of the report', pattern: /jobs\/evaluateTask\.ts#/ },
  { label: 'reading and writing files', pattern: /(?:checkpoint|dataset)\/|jobs\/(?:loadModel|writeWhole)\.ts#/ },
];

/**
 * What any training or prediction spends its time on, by operation; the innermost function that a rule knows decides.
 * Kernels keep the names of their functions: `server/src/tensor/kernels/gemm/gemm`.
 */
export const operationRules: readonly Rule[] = [
  { label: 'garbage collection', pattern: /#\(garbage collector\)$/ },
  { label: 'matrix products', pattern: /kernels\/gemm\/|matMul(?:Kernels)?\.ts#/ },
  {
    label: 'relation loss',
    pattern: /kernels\/(?:grams|sorted\w*|sort)\/|(?:graphGrams|slicedWasserstein|defense\/relation)\.ts#/,
  },
  {
    label: 'attention',
    pattern:
      /kernels\/(?:\w*[aA]ttention\w*|heads|softmax)\/|(?:attentionMap|edgeAttention\w*|unitRows|defense\/attention)\.ts#/,
  },
  {
    label: 'message passing and readout',
    pattern: /kernels\/(?:entries|sparse\w*|segmentMax)\/|(?:sparse\w+|segmentMax|messagePassing)\.ts#/,
  },
  {
    label: 'BatchNorm, ReLU, bounds and other elementwise work',
    pattern: /kernels\/(?:normRelu|columns|elementwise|reduce|gather|exponential)\/|(?:\w+Relu|columnNorm|dense)\.ts#/,
  },
  { label: 'optimizer', pattern: /kernels\/adam\/|(?:tensor\/adam|[mM]oments|defense\/descent)\.ts#/ },
  { label: 'losses on logits', pattern: /kernels\/crossEntropy\/|defense\/(?:losses|softLabels)\.ts#/ },
  { label: 'folding', pattern: /graph\/fold\.ts#/ },
  {
    label: 'drawing graphs and triggers, collating',
    pattern: /server\/src\/(?:graph|attack)\/|defense\/(?:pool|triggeredCopies)\.ts#/,
  },
  { label: "the scan's own statistics, bounds", pattern: /server\/src\/scan\/|gnn\/(?:bounds|quantile)\.ts#/ },
  { label: 'calling kernels', pattern: /tensor\/(?:engine\/|withGradient\.ts)|JSToWasm/, innermost: true },
  { label: 'bookkeeping of tfjs', pattern: /tfjs-(?:core|backend-\w+)\//, innermost: true },
  {
    label: 'loading code, reading and writing files',
    pattern: /(?:checkpoint|dataset)\/|jobs\/(?:loadModel|writeWhole)\.ts#|node:(?:fs|internal)|#readFile/,
  },
];
