import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createSafetensors } from '../../server/src/checkpoint/createCheckpoint';

export interface BenignSample {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** What real library wrote it, as the folder it lies in. */
  readonly origin: string;
}

const fixtures = path.resolve(__dirname, '../fixtures');

/** Folders of files that real libraries wrote, none of which holds more code than its model needs. */
const folders = [
  'benign',
  'pytorch',
  'formats/pytorch',
  'formats/numpy',
  'formats/keras',
  'formats/hdf5',
  'formats/onnx',
];

/** What is no model but describes one, and what holds code: a Lambda layer, operators and numbers of other files. */
const leftOut = /\.(py|json|data)$|^(escape|nested)\.onnx$|^unread\.h5$|^keras3\.h5$|^model\.keras$/;

/** Files that a scan must not raise an alarm about. */
export const benignCorpus: readonly BenignSample[] = [
  ...folders.flatMap((folder) =>
    readdirSync(path.join(fixtures, folder))
      .filter((name) => !leftOut.test(name))
      .map((fileName): BenignSample => {
        return { fileName, bytes: readFileSync(path.join(fixtures, folder, fileName)), origin: folder };
      }),
  ),
  {
    fileName: 'own.safetensors',
    bytes: createSafetensors([{ name: 'w', dtype: 'float32', shape: [2], values: [1, 2] }]),
    origin: 'safetensors',
  },
];
