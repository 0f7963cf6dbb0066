/** Starts threads, prints how many there are, and has nothing left to do. */
import { selectBackend } from '../../server/src/tensor/backend';
import { engineInUse } from '../../server/src/tensor/engine/graphnadBackend';
import { limitThreads } from '../../server/src/tensor/threads';

void selectBackend('graphnad').then(async () => {
  limitThreads(3);
  const threads = engineInUse()?.threads;
  await threads?.ready();
  process.stdout.write(`${threads?.size}\n`);
});
