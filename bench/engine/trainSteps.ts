/**
 * Training steps of the GIN on PROTEINS, for profiles.
 *
 *   node --import tsx bench/engine/trainSteps.ts FOLDER STEPS
 */
import { selectBackend } from '../../server/src/tensor/backend';
import { initialWeights } from './initialWeights';
import { ourModel } from './ourModel';
import { Trainer } from './trainer';
import { ginShape, proteinsWorkload } from './workload';

async function main([folder, steps]: readonly string[]): Promise<void> {
  await selectBackend('auto');
  const { graphs, batches, labelColumns } = await proteinsWorkload(folder, 32);
  const shape = ginShape(labelColumns);
  const weights = initialWeights(shape);
  const trainer = new Trainer(
    () => ourModel(shape, weights, true),
    batches.map((ids) => ids.map((id) => graphs[id])),
  );
  trainer.train({ steps: 100 });
  profiledSteps();

  /** Profiles are cut to what runs in a function of this name. */
  function profiledSteps(): void {
    trainer.train({ steps: Number(steps) });
  }
}

void main(process.argv.slice(2));
