import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../server/src/tensor/backend';
import { engineInUse } from '../../server/src/tensor/engine/graphnadBackend';
import { onThreads } from '../../server/src/tensor/threads';

/** Runs something on the engine with every kernel call divided among so many threads. */
export async function withThreads<T>(threads: number, run: () => T | Promise<T>): Promise<T> {
  await selectBackend('graphnad');
  const engine = engineInUse();
  if (engine === undefined) throw new Error(`${tf.getBackend()} is in use`);
  return onThreads(threads, async () => {
    await engine.threads.ready();
    engine.threads.eager = true;
    try {
      const result = await run();
      if (engine.threads.size < threads) throw new Error('threads were lost on the way');
      return result;
    } finally {
      engine.threads.eager = false;
    }
  });
}
