import type { ArchitectureOverride } from '../../../../protocol/manifest';
import { type ArchitectureSummary, type Jumping } from '../../../../protocol/model';
import type { ConstantTensor, LinearTensors, ModelPlan, NormStep, PlannedLayer, Step } from '../plan/modelPlan';
import { UnsupportedTaskError } from '../unrecognised';
import { findAround, type AroundLayers } from './behindLayers';
import type { Assembly, Dialect } from './dialect';
import type { FoundLayer } from './forms/layerForm';
import { findLayers } from './layers';
import { inFile, type NamedTensors } from './namedTensors';
import { readNorm } from './norms';
import { questionsOn } from './questions';
import type { Settings } from './settings';

/**
 * Puts a model together: layers, what is around them, and what nobody said and no tensor shows, as the dialect has it.
 *
 * @throws UnrecognisedArchitectureError
 */
export function assemble(tensors: NamedTensors, dialect: Dialect, override: ArchitectureOverride): Assembly {
  const said: Settings = { ...dialect.usual, ...withoutUndefined(override) };
  const found = findLayers(tensors, dialect.form, said);
  const around = findAround(tensors, found, said);
  const { layers } = found;
  const widths = layers.map(({ outputs }) => outputs);
  const lastNorm = around.norms.at(-1);
  const hasNorms = around.norms.some((norm) => norm !== undefined);
  const isTwo = isReadTwice(around, layers, said);
  const settings: Settings = {
    ...(hasNorms && lastNorm === undefined && { lastActivation: false }),
    ...said,
    ...jumpingOf(layers, around, said.jumping),
    ...(isTwo && { readout: said.readout ?? 'max', secondReadout: said.secondReadout ?? 'mean', jumping: undefined }),
  };
  const planned = layers.map((layer, i) => plannedLayer(tensors, layer, around.norms[i], i === layers.length - 1, settings)); // prettier-ignore
  const shared = sharedEps(tensors, around.strangers, layers);
  const [output] = around.outputs;
  const isScore = output.outputs === 1 && dialect.oneOutput === true;
  if (output.outputs < 2 && !isScore) {
    const reason = 'its last layer gives one number, where a classifier gives a score for each of at least two classes';
    throw new UnsupportedTaskError(reason, output.weight);
  }
  const isEncoderActive = settings.encoderActivation === true && around.encoder.length > 0;
  const plan: ModelPlan = {
    encoder: isEncoderActive ? [...around.encoder, { step: 'activation' }] : around.encoder,
    layers: planned,
    ...(around.joint.length > 0 && { joint: around.joint }),
    head: around.head,
    outputs: around.outputs,
    ...(shared && { constants: [shared.constant] }),
  };
  const normed = [...planned.flatMap(({ steps }) => steps)].find((step): step is NormStep => step.step === 'norm');
  const { activation, lastActivation, normBehindActivation, residual, aggregator, normalisation, selfLoops } = settings;
  const heads = layers[0].heads;
  const isBehind = hasNorms ? normBehindActivation === true : layers.some(({ ended }) => ended);
  const architecture: ArchitectureSummary = {
    kind: dialect.form.kind,
    layers: layers.length,
    hidden: widths[widths.length - 1],
    inputs: around.inputs,
    classes: isScore ? 2 : output.outputs,
    readout: settings.readout ?? 'sum',
    batchNorm: [...tensors.keys()].some((name) => name.endsWith('.running_mean')),
    ...(dialect.form.kind === 'gin' && {
      eps: layers.map(({ eps }, i) => eps ?? shared?.values[i] ?? override.eps?.[i] ?? 0),
    }),
    ...(heads !== undefined && { heads }),
    ...(new Set(widths).size > 1 && { widths }),
    ...(around.encoder.length > 0 && { encoder: true }),
    ...(isEncoderActive && { encoderActivation: true }),
    ...(activation !== undefined && activation !== 'relu' && { activation }),
    ...(lastActivation === false && { lastActivation }),
    ...(normed !== undefined && normed.kind !== 'batch' && { norm: normed.kind }),
    ...(isBehind && { normBehindActivation: true }),
    ...(residual === true && { residual }),
    ...(settings.jumping !== undefined && { jumping: settings.jumping }),
    ...(isOfFeatures(around, layers) && !isTwo && { jumpingInput: true }),
    ...(isTwo && { secondReadout: settings.secondReadout }),
    ...(linearsIn(around.head) > 0 && { head: linearsIn(around.head) + 1 }),
    ...(aggregator !== undefined && aggregator !== usualAggregator(dialect) && { aggregator }),
    ...(normalisation !== undefined && normalisation !== 'both' && { normalisation }),
    ...(selfLoops !== undefined && selfLoops !== hasLoops(dialect) && { selfLoops }),
    ...(isScore && { oneOutput: true }),
    ...(layers.some(({ convolution }) => 'averaged' in convolution && convolution.averaged) && { headsAveraged: true }),
  };
  return {
    architecture,
    plan,
    questions: questionsOn({ dialect, layers, around, settings, override }),
    notes: [
      ...found.notes,
      ...around.notes,
      ...(isTwice(around, layers) && !isTwo ? [twiceNote] : []),
      ...notesOn(plan, architecture, override, shared !== undefined || layers.every(({ eps }) => eps !== undefined)),
    ],
    strangers: around.strangers.map((name) => inFile(tensors, name)).filter((name) => name !== shared?.constant.name),
  };
}

function hasLoops({ form: { kind } }: Dialect): boolean {
  return kind === 'gcn' || kind === 'gat' || kind === 'gatv2';
}

function usualAggregator({ form: { kind } }: Dialect) {
  return kind === 'gin' ? 'sum' : 'mean';
}

function plannedLayer(
  tensors: NamedTensors,
  { convolution, steps, inputs, outputs, ended = false }: FoundLayer,
  norm: AroundLayers['norms'][number],
  isLast: boolean,
  { norm: kind, lastActivation = true, normBehindActivation = false, residual = false }: Settings,
): PlannedLayer {
  const behind: Step[] = norm === undefined ? [] : [readNorm(tensors, norm, outputs, kind)];
  const isActive = (lastActivation || !isLast) && !(ended && norm === undefined);
  const activation: Step[] = isActive ? [{ step: 'activation' }] : [];
  return {
    convolution,
    steps: [
      ...steps,
      ...(normBehindActivation ? [...activation, ...behind] : [...behind, ...activation]),
      ...(residual && inputs === outputs ? [{ step: 'residual' } as const] : []),
    ],
  };
}

/** How layers are read together, as the width shows it that the first linear layer behind the readout takes. */
function jumpingOf(
  layers: readonly FoundLayer[],
  { outputs, read }: AroundLayers,
  said: Jumping | undefined,
): { readonly jumping?: Jumping } {
  if (outputs.length > 1) return { jumping: 'cat' };
  if (read !== layers[layers.length - 1].outputs) return { jumping: 'cat' };
  return said === undefined || said === 'cat' ? {} : { jumping: said };
}

const twiceNote =
  'Both layers side by side are assumed to be read out. Two readouts of the last one side by side would be as wide: `readout` and `secondReadout` in graphnad.json can say so.';

/** Whether the width shows two readouts of the last layer side by side, or allows them where somebody says so. */
function isReadTwice(around: AroundLayers, layers: readonly FoundLayer[], { secondReadout }: Settings): boolean {
  const { outputs, joint, read } = around;
  if (outputs.length > 1 || joint.length > 0 || read !== 2 * layers[layers.length - 1].outputs) return false;
  const all = layers.reduce((sum, layer) => sum + layer.outputs, 0);
  const isOfLayers = layers.length > 1 && (read === all || read === all + layers[0].inputs);
  return !isOfLayers || secondReadout !== undefined;
}

/** Whether two layers side by side are as wide as the last one twice. */
function isTwice({ outputs, read }: AroundLayers, layers: readonly FoundLayer[]): boolean {
  return outputs.length === 1 && layers.length === 2 && read === 2 * layers[1].outputs;
}

/** Whether what is read begins with the features. */
function isOfFeatures({ outputs, read }: AroundLayers, layers: readonly FoundLayer[]): boolean {
  if (outputs.length > 1) return outputs.length > layers.length;
  const all = layers.reduce((sum, layer) => sum + layer.outputs, 0);
  return layers.length > 1 && read !== layers[layers.length - 1].outputs && read === all + layers[0].inputs;
}

/** One tensor with the eps of all layers, as powerful-gnns has it. */
function sharedEps(
  tensors: NamedTensors,
  strangers: readonly string[],
  layers: readonly FoundLayer[],
): { readonly constant: ConstantTensor; readonly values: Float64Array } | undefined {
  const name = strangers.find((one) => one === 'eps' || one.endsWith('.eps'));
  const tensor = name === undefined ? undefined : tensors.get(name);
  if (tensor?.shape.length !== 1 || tensor.shape[0] !== layers.length) return undefined;
  if (layers.some(({ convolution, eps }) => convolution.kind !== 'gin' || eps !== undefined)) return undefined;
  return { constant: { name: tensor.name, shape: tensor.shape }, values: tensor.values() };
}

function linearsIn(steps: readonly Step[]): number {
  return steps.filter(({ step }) => step === 'linear').length;
}

function notesOn(
  { encoder, layers, joint = [], head, outputs }: ModelPlan,
  { kind }: ArchitectureSummary,
  { eps }: ArchitectureOverride,
  keepsEps: boolean,
): string[] {
  const steps = [...encoder, ...layers.flatMap((layer) => layer.steps), ...joint, ...head];
  const linears: LinearTensors[] = [...steps.filter((step) => step.step === 'linear'), ...outputs];
  const bare = linears.filter(({ bias }) => bias === undefined).map(({ weight }) => weight.replace(/\.weight$/, ''));
  return [
    ...(kind === 'gin' && !keepsEps && eps === undefined ? ['The checkpoint keeps no eps: 0 is assumed.'] : []),
    ...(bare.length > 0 ? [`No bias is kept for ${listed(bare)}: none is added.`] : []),
  ];
}

function listed(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

function withoutUndefined<T extends object>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Partial<T>;
}
