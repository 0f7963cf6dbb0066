import process from 'node:process';
import type { Backend } from '../../server/src/tensor/backend';
import { folderVariable } from '../../server/src/tensor/tensorflow';

/**
 * The backends that operations are tested on: those that come with us, and TensorFlow where `GRAPHNAD_TENSORFLOW` names
 * a folder it is installed in (CONTRIBUTING.md tells how to get one). Where it is named it has to work.
 */
export const testedBackends: readonly Backend[] = [
  'cpu',
  'graphnad',
  ...(process.env[folderVariable] ? (['tensorflow'] as const) : []),
];
