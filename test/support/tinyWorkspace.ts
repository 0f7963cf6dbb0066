import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPyTorchCheckpoint } from '../../server/src/checkpoint/createCheckpoint';
import type { Dataset } from '../../server/src/dataset/dataset';
import { encodeDataset } from '../../server/src/dataset/features';
import { makeMolecules } from '../../server/src/dataset/synthetic';
import { formatTu } from '../../server/src/dataset/tuWriter';
import { GraphModel } from '../../server/src/gnn/graphModel';
import { trainClassifier } from '../../server/src/gnn/train';
import { Rng } from '../../server/src/graph/rng';
import { selectBackend } from '../../server/src/tensor/backend';

/** A folder with a small data set and a GIN trained on it, for tests of what works on files. */
export interface TinyWorkspace {
  readonly folder: string;
  readonly model: string;
  readonly data: string;
  readonly graphs: number;
}

const graphCount = 120;

/** Made once before the tests of the surrounding `describe`, removed after them. */
export function useTinyWorkspace(): () => TinyWorkspace {
  let workspace: TinyWorkspace | undefined;
  before(async function () {
    this.timeout(60_000);
    workspace = await makeTinyWorkspace();
  });
  after(() => {
    if (workspace) rmSync(workspace.folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return () => {
    if (workspace === undefined) throw new Error('the workspace is there only while tests run');
    return workspace;
  };
}

async function makeTinyWorkspace(): Promise<TinyWorkspace> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'graphnad-tiny-')));
  const data = path.join(folder, 'data', 'TINY');
  mkdirSync(data, { recursive: true });
  const molecules = makeMolecules('TINY', { graphs: graphCount, seed: 1 });
  for (const [name, text] of formatTu(molecules)) writeFileSync(path.join(data, name), text);
  const model = path.join(folder, 'gin.pt');
  trained ??= trainModel(molecules);
  writeFileSync(model, await trained);
  return { folder, model, data, graphs: graphCount };
}

/** Training takes a second; every suite of a process shares it. */
let trained: Promise<Uint8Array> | undefined;

async function trainModel(molecules: Omit<Dataset, 'hash'>): Promise<Uint8Array> {
  await selectBackend('graphnad');
  const { graphs, layout } = encodeDataset({ ...molecules, hash: '' }, 'labels');
  const gin = GraphModel.random(
    {
      kind: 'gin',
      layers: 2,
      hidden: 16,
      inputs: layout.width,
      classes: 2,
      readout: 'sum',
      batchNorm: true,
      eps: [0, 0],
    },
    new Rng(1, 'tiny'),
  );
  await trainClassifier(gin, graphs, layout, { seed: 1, epochs: 20 });
  const bytes = createPyTorchCheckpoint(gin.stateDict());
  gin.dispose();
  return bytes;
}
