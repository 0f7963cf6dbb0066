import { writeFileSync } from 'node:fs';
import { createSafetensors } from '../../server/src/checkpoint/createCheckpoint';
import { loadModel } from '../../server/src/jobs/loadModel';

/**
 * Writes a model that gives the other class of two, whatever is assumed of it: labels cannot tell whether it is read
 * rightly.
 *
 * @returns the path of the copy
 */
export async function saveMisread(model: string, copy: string): Promise<string> {
  const { checkpoint } = await loadModel(model);
  const tensors = [...checkpoint.tensors.values()].map((tensor) => {
    const { name, dtype, shape } = tensor;
    const values = tensor.values();
    return { name, dtype, shape, values: name.startsWith('lin.') ? values.map((value) => -value) : values };
  });
  writeFileSync(copy, createSafetensors(tensors));
  return copy;
}
