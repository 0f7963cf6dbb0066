import * as tf from '@tensorflow/tfjs-core';

export type KernelArguments = Parameters<tf.KernelFunc>[0];

/** An operation of tfjs and what runs it here. */
export type OwnKernel = Omit<tf.KernelConfig, 'backendName'>;

/** Runs an operation as on the JavaScript backend: what our kernels leave to it. */
export function runsOnCpu(kernelName: string, args: KernelArguments): ReturnType<tf.KernelFunc> {
  return tf.getKernel(kernelName, 'cpu').kernelFunc(args);
}
