import { modelTitles, type Activation, type ArchitectureSummary } from '../../../protocol/model';
import { plural } from '../../../protocol/numberText';

export const activationTitles: Readonly<Record<Activation, string>> = {
  relu: 'ReLU',
  leaky_relu: 'LeakyReLU',
  elu: 'ELU',
  gelu: 'GELU',
  tanh: 'tanh',
};

const normTitles = { batch: 'BatchNorm', layer: 'LayerNorm', 'graph-layer': 'LayerNorm', graph: 'GraphNorm' } as const;

/** One line for people: `GIN, 3 layers, 38 -> 64 -> 2, BatchNorm, sum readout`. */
export function architectureText(architecture: ArchitectureSummary): string {
  const { kind, layers, inputs, hidden, classes, batchNorm, readout, heads, widths = [hidden] } = architecture;
  const { activation, norm, residual, jumping, secondReadout, head = 1, edgeEmbeddings, virtualNode } = architecture;
  return [
    modelTitles[kind],
    plural(layers, 'layer'),
    [inputs, ...widths, classes].join(' -> '),
    ...(heads === undefined ? [] : [plural(heads, 'head')]),
    ...(batchNorm ? ['BatchNorm'] : []),
    ...(norm === undefined || norm === 'batch' ? [] : [normTitles[norm]]),
    ...(activation === undefined ? [] : [activationTitles[activation]]),
    ...(residual ? ['residual'] : []),
    ...(edgeEmbeddings === undefined ? [] : ['features of edges']),
    ...(virtualNode ? ['virtual node'] : []),
    ...(jumping === undefined ? [] : [`jumping knowledge (${jumping})`]),
    secondReadout === undefined ? `${readout} readout` : `${readout} and ${secondReadout} readout`,
    ...(head > 1 ? [`${head} linear layers behind it`] : []),
  ].join(', ');
}
