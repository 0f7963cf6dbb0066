import type { ModelPart } from '../../../protocol/inspector';
import { modelTitles } from '../../../protocol/model';
import { plural } from '../../../protocol/numberText';
import type { Tensor } from '../checkpoint/checkpoint';
import type { Recognition } from '../gnn/recognise';
import { isPlan, type ConvolutionNames, type GinLayerNames, type LayerNames } from '../gnn/tensorNames';
import { planParts } from './planParts';

/** More modules of an unknown model are not listed one by one. */
const mostModules = 200;

/** What a recognised model does, from its input to its output. */
export function recognisedParts(
  { architecture, names }: Recognition,
  tensors: ReadonlyMap<string, Tensor>,
): ModelPart[] {
  if (isPlan(names)) return planParts(architecture, names);
  const { kind, inputs, hidden, classes, readout, heads } = architecture;
  const layers = names.layers.map((layer, i): ModelPart => {
    const from = i === 0 ? inputs : hidden;
    const shape = { from, to: hidden, heads };
    return {
      title: `${modelTitles[kind]} layer ${i + 1}`,
      steps: isGin(layer) ? ginSteps(layer, shape, tensors) : convolutionSteps(layer, shape, modelTitles[kind]),
      layer: i + 1,
      modules: isGin(layer) ? ginModules(layer) : [layer.conv, ...(layer.norm === undefined ? [] : [layer.norm])],
    };
  });
  return [
    ...layers,
    { title: 'Readout', steps: [`${readout} over the nodes of a graph`], modules: [] },
    { title: 'Classifier', steps: [`Linear ${hidden} → ${classes}`], modules: [names.output.linear] },
  ];
}

/** The modules of a model that was not recognised, in the order of the file. */
export function modulesOf(tensorNames: readonly string[]): ModelPart[] {
  const groups = new Map<string, number>();
  for (const name of tensorNames) {
    const module = moduleOf(name);
    groups.set(module, (groups.get(module) ?? 0) + 1);
  }
  const parts = [...groups].map(([module, count]): ModelPart => {
    return { title: module, steps: [plural(count, 'tensor')], modules: [module] };
  });
  if (parts.length <= mostModules) return parts;
  const left = parts.length - mostModules;
  const rest = { title: plural(left, 'more module'), steps: ['in the table only'], modules: [] };
  return [...parts.slice(0, mostModules), rest];
}

/** `encoder.layers.0` of `encoder.layers.0.attention.weight`: up to the first number, else all but the last part. */
function moduleOf(name: string): string {
  const parts = name.split('.');
  const number = parts.findIndex((part) => /^\d+$/.test(part));
  if (number >= 0 && number < parts.length - 1) return parts.slice(0, number + 1).join('.');
  return parts.length === 1 ? name : parts.slice(0, -1).join('.');
}

interface LayerWidths {
  readonly from: number;
  readonly to: number;
  readonly heads?: number;
}

function isGin(layer: LayerNames): layer is GinLayerNames {
  return 'first' in layer;
}

function ginModules({ eps, first, second }: GinLayerNames): string[] {
  const modules = [eps?.name, first.linear, first.norm, second.linear, second.norm];
  return modules.filter((name) => name !== undefined);
}

function ginSteps({ first, second }: GinLayerNames, { from, to }: LayerWidths, tensors: ReadonlyMap<string, Tensor>) {
  const inner = tensors.get(`${first.linear}.weight`)?.shape[0] ?? to;
  return [
    'Sum of neighbours and self',
    [`Linear ${from} → ${inner}`, ...normOf(first.norm), 'ReLU'].join(', '),
    [`Linear ${inner} → ${to}`, ...normOf(second.norm), 'ReLU'].join(', '),
  ];
}

function convolutionSteps({ norm }: ConvolutionNames, { from, to, heads }: LayerWidths, title: string): string[] {
  const attention = heads === undefined ? [] : [plural(heads, 'head')];
  return [[`${title} convolution ${from} → ${to}`, ...attention].join(', '), [...normOf(norm), 'ReLU'].join(', ')];
}

function normOf(norm: string | undefined): string[] {
  return norm === undefined ? [] : ['BatchNorm'];
}
