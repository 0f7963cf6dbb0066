import type { ModelKind } from '../../../../protocol/model';

/**
 * What tensors are called in the usual hand-written modules; `#` stands for the number of the layer. The engine's own
 * table is in `gnn/kinds/`, which is too large for the language server; a test holds the two in step.
 */
const norm = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];
const linear = ['weight', 'bias'];
const batchNorms = below('bns.#', norm);

const layers: Readonly<Record<ModelKind, readonly string[]>> = {
  gin: [
    'convs.#.eps',
    ...below('convs.#.nn.0', linear),
    ...below('convs.#.nn.1', norm),
    ...below('convs.#.nn.2', linear),
    ...below('convs.#.nn.3', linear),
    ...below('convs.#.nn.4', norm),
  ],
  gcn: ['convs.#.lin.weight', 'convs.#.bias', ...batchNorms],
  gat: [...below('convs.#', ['att_src', 'att_dst', 'lin.weight', 'bias']), ...batchNorms],
  gatv2: [
    'convs.#.att',
    ...below('convs.#.lin_l', linear),
    ...below('convs.#.lin_r', linear),
    'convs.#.bias',
    ...batchNorms,
  ],
  sage: [...below('convs.#.lin_l', linear), 'convs.#.lin_r.weight', ...batchNorms],
};

const output = below('lin', linear);

function below(module: string, parts: readonly string[]): string[] {
  return parts.map((part) => `${module}.${part}`);
}

/** Names of the tensors of the usual modules, with and without BatchNorm, each once. */
export function usualTensorNames(kinds: readonly ModelKind[], layerCount: number): string[] {
  const numbers = Array.from({ length: layerCount }, (_, layer) => String(layer));
  const inLayers = numbers.flatMap((number) =>
    kinds.flatMap((kind) => layers[kind].map((name) => name.replace('#', number))),
  );
  return [...new Set([...inLayers, ...output])];
}
