/** A thread of the engine that takes part of a call and then dies, or never ends. */
import { workerData } from 'node:worker_threads';
import { kernelNames } from '../../server/src/tensor/engine/kernels';
import { SharedWork } from '../../server/src/tensor/engine/sharedWork';
import type { ThreadData } from '../../server/src/tensor/engine/threadTeam';

const { block, thread } = workerData as ThreadData;
const dies = (): never => process.exit(3);
const hangs = (): never => {
  for (;;);
};
new SharedWork(block).serve(
  kernelNames.map(() => (process.argv.includes('--hang') ? hangs : dies)),
  thread,
);
