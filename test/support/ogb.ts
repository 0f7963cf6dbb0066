import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArchitectureOverride } from '../../protocol/manifest';
import type { Tensor } from '../../server/src/checkpoint/checkpoint';
import { readCheckpoint } from '../../server/src/checkpoint/readCheckpoint';
import { encodeDataset } from '../../server/src/dataset/features';
import { loadDataset } from '../../server/src/dataset/loadDataset';
import type { FeatureLayout, Graph } from '../../server/src/graph/graph';
import type { ExpectedRun } from './pytorchModels';

/** A model of OGB's examples for molecules: its state dict is in `file`. */
export interface OgbModel {
  readonly file: string;
  /** What no tensor shows. */
  readonly settings: ArchitectureOverride;
  /** Of all molecules, row-major `[molecules, outputs]`. */
  readonly logits: readonly number[];
  /** Of the first eight. */
  readonly frozen: ExpectedRun;
  readonly training: ExpectedRun;
}

/** Where `test/fixtures/dialects/make_ogb.py` writes. */
export const ogbFolder = path.join(__dirname, '../fixtures/dialects/ogb');

/** A data set of made-up molecules, as OGB keeps its own. */
export const ogbData = path.join(ogbFolder, 'made_up');

export const ogbModels = JSON.parse(readFileSync(path.join(ogbFolder, 'expected.json'), 'utf8')) as readonly OgbModel[];

/** The tensors of a model. */
export function ogbTensors(file: string): ReadonlyMap<string, Tensor> {
  return readCheckpoint(readFileSync(path.join(ogbFolder, file)), file).tensors;
}

/** The molecules, as the models take them. */
export async function ogbMolecules(): Promise<{ graphs: Graph[]; layout: FeatureLayout }> {
  return encodeDataset(await loadDataset(ogbData), 'embedded');
}

/** Scores of two classes where a model gives one number: none of class 0, that of class 1. */
export function asTwo(outputs: readonly number[], graphs: number): number[] {
  return outputs.length === graphs ? outputs.flatMap((score) => [0, score]) : [...outputs];
}
