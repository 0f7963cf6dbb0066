import * as tf from '@tensorflow/tfjs-core';
import { elementwiseKernels } from './elementwiseKernels';
import { gatherKernels } from './gatherKernels';
import type { OwnKernel } from './kernelRegistration';
import { batchMatMul, fusedMatMul } from './matMulKernels';
import { reductionKernels } from './reductionKernels';

/** Operations of tfjs that run as kernels of ours; all others run as on the JavaScript backend. */
const ours: readonly OwnKernel[] = [
  { kernelName: tf.BatchMatMul, kernelFunc: batchMatMul },
  { kernelName: tf._FusedMatMul, kernelFunc: fusedMatMul },
  ...elementwiseKernels,
  ...reductionKernels,
  ...gatherKernels,
];

/** Gives the backend `graphnad` its operations. Once is enough. */
export function registerKernels(): void {
  tf.copyRegisteredKernels('cpu', 'graphnad');
  for (const { kernelName, kernelFunc } of ours) {
    tf.unregisterKernel(kernelName, 'graphnad');
    tf.registerKernel({ kernelName, backendName: 'graphnad', kernelFunc });
  }
}
