import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createPyTorchCheckpoint } from '../../server/src/checkpoint/createCheckpoint';
import { makeMolecules } from '../../server/src/dataset/synthetic';
import { formatTu } from '../../server/src/dataset/tuWriter';
import { encodeDataset } from '../../server/src/dataset/features';
import { GraphModel } from '../../server/src/gnn/graphModel';
import type { StateDictEntry } from '../../server/src/gnn/stateDict';
import { trainClassifier } from '../../server/src/gnn/train';
import { Rng } from '../../server/src/graph/rng';
import { selectBackend } from '../../server/src/tensor/backend';

/** A folder as a registry of models has it: many small models, no two alike, and the data they are for. */
export interface Zoo {
  readonly models: string;
  /** TU folder. */
  readonly data: string;
}

/** @param graphs of the data set: more make scans longer */
export async function makeZoo(folder: string, { models, graphs }: { models: number; graphs: number }): Promise<Zoo> {
  await selectBackend('graphnad');
  const zoo = { models: path.join(folder, 'zoo'), data: path.join(folder, 'data', 'TINY') };
  for (const one of Object.values(zoo)) mkdirSync(one, { recursive: true });
  const molecules = makeMolecules('TINY', { graphs, seed: 1 });
  for (const [name, text] of formatTu(molecules)) writeFileSync(path.join(zoo.data, name), text);
  const { graphs: encoded, layout } = encodeDataset({ ...molecules, hash: '' }, 'labels');
  const gin = GraphModel.random(
    {
      ...{ kind: 'gin', layers: 2, hidden: 16, inputs: layout.width, classes: 2, readout: 'sum', batchNorm: true },
      eps: [0, 0],
    },
    new Rng(1, 'zoo'),
  );
  await trainClassifier(gin, encoded, layout, { seed: 1, epochs: 20 });
  const trained = gin.stateDict();
  gin.dispose();
  for (let i = 0; i < models; i++) {
    const random = new Rng(i, 'zoo noise');
    const file = `model-${String(i).padStart(4, '0')}.pt`;
    writeFileSync(
      path.join(zoo.models, file),
      createPyTorchCheckpoint(trained.map((entry) => withNoise(entry, random))),
    );
  }
  return zoo;
}

/** As after another training: every weight a little different. Counts and variances stay as they are. */
function withNoise(entry: StateDictEntry, random: Rng): StateDictEntry {
  if (entry.dtype !== 'float32' || entry.name.includes('running')) return entry;
  return { ...entry, values: Float32Array.from(entry.values, (value) => value * (1 + 0.01 * random.normal())) };
}
