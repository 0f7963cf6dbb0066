/** New model files from tensors. */

export type { NewTensor } from './newTensor';
export { createPyTorchCheckpoint } from './pytorch/createPyTorch';
export { createSafetensors } from './safetensors/createSafetensors';
