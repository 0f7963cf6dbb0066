import type { ArchitectureSummary } from '../../../../protocol/model';
import type { LinearTensors, ModelPlan, NormStep, PlannedLayer, Step } from '../plan/modelPlan';
import type { ConvolutionNames, GinLayerNames, LayerNames, LinearNames, UsualNames } from '../tensorNames';

/** A plan as the names of a model of the usual shape; undefined where it is not of that shape. */
export function usualNames(plan: ModelPlan, architecture: ArchitectureSummary): UsualNames | undefined {
  const { widths, encoder, activation, lastActivation, residual, jumping, secondReadout, head } = architecture;
  const more = [plan.constants, plan.embedding];
  const others = [widths, encoder, activation, lastActivation, residual, jumping, secondReadout, head, ...more];
  if (others.some((part) => part !== undefined) || plan.head.length > 0) return undefined;
  const layers = plan.layers.map(layerNames);
  const output = linearNames(plan.outputs[0]);
  if (output === undefined || layers.includes(undefined)) return undefined;
  const heads = plan.layers.map(({ convolution }) => ('heads' in convolution ? convolution.heads : 1));
  if (new Set(heads).size > 1) return undefined;
  return { layers: layers.filter((layer) => layer !== undefined), output };
}

function layerNames(layer: PlannedLayer): LayerNames | undefined {
  return layer.convolution.kind === 'gin' ? ginNames(layer) : convolutionNames(layer);
}

/** Linear, BatchNorm or none, ReLU, the same again. */
function ginNames({ convolution, steps }: PlannedLayer): GinLayerNames | undefined {
  if (convolution.kind !== 'gin' || convolution.aggregator !== undefined || convolution.selfLoops) return undefined;
  const [first, afterFirst] = linearWithNorm(steps);
  const [second, afterSecond] = linearWithNorm(afterFirst);
  if (first === undefined || second === undefined || afterSecond.length > 0) return undefined;
  const { eps } = convolution;
  return { ...(eps !== undefined && { eps }), first, second };
}

function linearWithNorm(steps: readonly Step[]): [LinearNames | undefined, readonly Step[]] {
  const [linear] = steps;
  const names = linear?.step === 'linear' ? linearNames(linear) : undefined;
  const norm = normAndReLU(steps.slice(1));
  if (names === undefined || norm === undefined) return [undefined, []];
  return [{ ...names, ...norm.names }, steps.slice(1 + norm.length)];
}

function convolutionNames({ convolution, steps }: PlannedLayer): ConvolutionNames | undefined {
  const norm = normAndReLU(steps);
  if (norm?.length !== steps.length) return undefined;
  const found = convolutionModule(convolution);
  return found === undefined ? undefined : { ...found, ...norm.names };
}

function convolutionModule(convolution: PlannedLayer['convolution']): ConvolutionNames | undefined {
  if (convolution.kind === 'gcn') {
    const { linear, normalisation, selfLoops } = convolution;
    const conv = without(linear.weight, '.lin.weight');
    const fits = normalisation === undefined && selfLoops === undefined && isPlain(linear);
    return conv !== undefined && fits && linear.bias === `${conv}.bias` ? { conv } : undefined;
  }
  if (convolution.kind === 'sage') {
    const { neighbours, own, pool, aggregator, unitRows } = convolution;
    const conv = without(neighbours.weight, '.lin_l.weight');
    const fits = pool === undefined && aggregator === undefined && unitRows === undefined && isPlain(neighbours);
    const isUsual = neighbours.bias === `${conv ?? ''}.lin_l.bias` && own?.weight === `${conv ?? ''}.lin_r.weight`;
    return conv !== undefined && fits && isUsual && own?.bias === undefined ? { conv } : undefined;
  }
  if (!('heads' in convolution) || convolution.averaged || convolution.selfLoops === false) return undefined;
  return convolution.kind === 'gat' ? gatModule(convolution) : gatv2Module(convolution);
}

function gatModule({ linear, source, target, bias }: PlannedLayer['convolution'] & { kind: 'gat' }) {
  const conv = without(source, '.att_src');
  if (conv === undefined || target !== `${conv}.att_dst` || bias !== `${conv}.bias`) return undefined;
  const weights = [linear.weight, ...(linear.copies ?? []).map(({ weight }) => weight)].map((weight) =>
    weight.startsWith(`${conv}.`) ? without(weight.slice(conv.length + 1), '.weight') : undefined,
  );
  if (linear.bias !== undefined || weights.includes(undefined)) return undefined;
  return { conv, weights: weights.filter((weight) => weight !== undefined) };
}

function gatv2Module({ source, target, attention, bias }: PlannedLayer['convolution'] & { kind: 'gatv2' }) {
  const conv = without(attention, '.att');
  if (conv === undefined || target === undefined || bias !== `${conv}.bias`) return undefined;
  const fits = linearNames(source)?.linear === `${conv}.lin_l` && linearNames(target)?.linear === `${conv}.lin_r`;
  return fits ? { conv } : undefined;
}

/** A BatchNorm or none, then a ReLU. */
function normAndReLU(steps: readonly Step[]): { names: { norm?: string }; length: number } | undefined {
  const [first, second] = steps;
  if (first?.step === 'activation') return { names: {}, length: 1 };
  if (first?.step !== 'norm' || second?.step !== 'activation') return undefined;
  const norm = normName(first);
  return norm === undefined ? undefined : { names: { norm }, length: 2 };
}

function normName({ kind, scale, shift, mean, variance, counter }: NormStep): string | undefined {
  const norm = scale === undefined ? undefined : without(scale, '.weight');
  if (kind !== 'batch' || norm === undefined || shift !== `${norm}.bias`) return undefined;
  if (mean !== `${norm}.running_mean` || variance !== `${norm}.running_var`) return undefined;
  return (counter ?? `${norm}.num_batches_tracked`) === `${norm}.num_batches_tracked` ? norm : undefined;
}

function linearNames(tensors: LinearTensors): LinearNames | undefined {
  const linear = without(tensors.weight, '.weight');
  return linear !== undefined && isPlain(tensors) && tensors.bias === `${linear}.bias` ? { linear } : undefined;
}

function isPlain({ transposed, copies }: LinearTensors): boolean {
  return !transposed && copies === undefined;
}

function without(name: string, end: string): string | undefined {
  return name.length > end.length && name.endsWith(end) ? name.slice(0, -end.length) : undefined;
}
