/** Which datasets of an HDF5 file are the weights of a Keras model, and what they are called. */

import { CheckpointError } from '../checkpoint';
import type { Dataset } from '../hdf5/dataset';
import type { Hdf5Contents } from '../hdf5/contents';

export interface KerasWeights {
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly unread: ReadonlyMap<string, string>;
}

/** Group of the weights in a file that holds a whole model. */
const wholeModel = 'model_weights';
/** Groups that hold what training needs and the model does not. */
const training = /^(optimizer|optimizer_weights|_optimizer|compile_metrics|_?metrics|_?losses?_tracker)(\/|$)/;

/**
 * The weights in `contents`. A file in the layout of Keras 2 lists them in attributes, by the names that
 * `Layer.weights` shows (`dense/kernel:0`), with the path in the file where two layers have one name; in the layout of
 * Keras 3 they are called by their path (`layers/dense/vars/0`). Any other HDF5 file gives all its datasets, by path.
 *
 * @param file names the file in errors
 * @throws CheckpointError where the attributes are damaged, or there are no weights
 */
export function kerasWeights(contents: Hdf5Contents, file: string): KerasWeights {
  const weights = weightsIn(contents);
  if (weights.datasets.size + weights.unread.size === 0) throw new CheckpointError(file, 'it holds no tensors');
  return weights;
}

function weightsIn(contents: Hdf5Contents): KerasWeights {
  const root = contents.attributes(wholeModel).size > 0 ? wholeModel : '';
  const layers = listed(contents, root, 'layer_names');
  if (layers !== undefined) return listedWeights(contents, root, layers);
  const isWeight = ([path]: readonly [string, unknown]) => !training.test(path);
  const datasets = [...contents.datasets].filter(isWeight).sort(([a], [b]) => byPath(a, b));
  return { datasets: new Map(datasets), unread: new Map([...contents.unread].filter(isWeight)) };
}

function listedWeights(contents: Hdf5Contents, root: string, layers: readonly string[]): KerasWeights {
  const weights = [...layers, 'top_level_model_weights'].flatMap((layer) => {
    const group = joined(root, layer);
    return (listed(contents, group, 'weight_names') ?? []).map((name) => ({
      name,
      path: joined(group, name),
      fullName: `${layer}/${name}`,
    }));
  });
  const uses = new Map<string, number>();
  for (const { name } of weights) uses.set(name, (uses.get(name) ?? 0) + 1);
  const datasets = new Map<string, Dataset>();
  const unread = new Map<string, string>();
  for (const { name: shortName, path, fullName } of weights) {
    const name = uses.get(shortName) === 1 ? shortName : fullName;
    const dataset = contents.datasets.get(path);
    if (datasets.delete(name) || unread.has(name)) unread.set(name, 'there are two weights of this name');
    else if (dataset !== undefined) datasets.set(name, dataset);
    else unread.set(name, contents.unread.get(path) ?? 'the file names it and does not hold it');
  }
  return { datasets, unread };
}

/** Names that a group lists in an attribute, or in several where they are too long for one. */
function listed(contents: Hdf5Contents, group: string, name: string): readonly string[] | undefined {
  const attributes = contents.attributes(group);
  const whole = attributes.get(name);
  if (whole !== undefined || !attributes.has(`${name}0`)) return whole;
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = attributes.get(`${name}${i}`);
    if (part === undefined) return parts;
    for (const text of part) parts.push(text);
  }
}

function joined(group: string, name: string): string {
  return group === '' ? name : `${group}/${name}`;
}

/** Orders paths part by part, numbers by their size: variables of a layer are numbered, and 10 comes after 9. */
function byPath(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const at = left.findIndex((part, i) => part !== right[i]);
  const [x = '', y = ''] = [left[at], right[at]];
  const areNumbers = /^\d+$/.test(x) && /^\d+$/.test(y);
  return areNumbers ? Number(x) - Number(y) : x < y ? -1 : 1;
}
