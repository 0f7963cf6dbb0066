/** What a thread of the engine runs: a script of its own, which the build puts beside the kernels' binaries. */
import { workerData } from 'node:worker_threads';
import { instantiateKernels, kernelNames } from './kernels';
import { SharedWork } from './sharedWork';
import type { ThreadData } from './threadTeam';

const { module, memory, block, thread } = workerData as ThreadData;
const kernels = instantiateKernels(module, memory);
new SharedWork(block).serve(
  kernelNames.map((name) => kernels[name]),
  thread,
);
