/** The exported functions are the kernels; see `engine/kernels.ts` for how they are called. */
export * from './gemm';
export * from './columns';
export * from './normRelu';
export * from './sort';
export * from './sparse';
export * from './elementwise';
export * from './reduce';
export * from './gather';
export * from './adam';
export * from './crossEntropy';
export * from './edgeAttention';
export * from './edgeAttentionGradient';
export * from './edgeAttentionV2';
export * from './grams';
export * from './attention';
export * from './segmentMax';
