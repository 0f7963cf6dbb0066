import type { Checkpoint } from '../checkpoint';
import { viewedTensor } from '../stridedView';
import { openPyTorchArchive } from './archive';

/** Reads a PyTorch checkpoint. Throws CheckpointError. */
export function readPyTorch(bytes: Uint8Array, file: string): Checkpoint {
  const { tensors, wrapper, globals, anomalies } = openPyTorchArchive(bytes, file);
  return {
    format: 'pytorch-zip',
    tensors: new Map([...tensors].map(([name, { view, entry }]) => [name, viewedTensor(name, view, entry.content)])),
    wrapper,
    globals,
    anomalies,
    metadata: {},
  };
}
