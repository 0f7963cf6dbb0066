import type { PurifyReceipt } from '../../../protocol/receipt';
import { version } from '../../../package.json';
import type { ResolvedOptions } from '../defense/options';
import { engineInUse } from '../tensor/engine/graphnadBackend';
import type { RunnableModel } from './runModel';
import type { PurifyTask } from './tasks';

/**
 * Writes down what a purification followed from.
 *
 * @param options the settings in force
 * @param outputSha256 of the purified file
 */
export function receiptOf(
  task: PurifyTask,
  { file, data, splits, backend }: RunnableModel,
  options: ResolvedOptions,
  outputSha256: string,
): PurifyReceipt {
  const { testIds, architecture } = task;
  const engine = engineInUse();
  return {
    receipt: 'graphnad-purify-1',
    model: { file: task.model, sha256: file.sha256 },
    data: { folder: task.data, hash: data.dataset.hash, features: data.features },
    cleanIds: splits.clean,
    ...(testIds === undefined ? {} : { testIds }),
    ...(architecture === undefined ? {} : { architecture }),
    options: { ...options },
    seed: task.seed ?? 0,
    backend,
    versions: {
      graphnad: version,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      ...(engine === undefined ? {} : { kernels: engine.relaxed ? 'relaxed-simd' : 'simd' }),
    },
    outputSha256,
  };
}
