import type { ModelPart } from '../../../protocol/inspector';
import { modelTitles, type ArchitectureSummary, type NormKind } from '../../../protocol/model';
import { plural } from '../../../protocol/numberText';
import type {
  AttentionHeads,
  Convolution,
  EmbeddingTables,
  LinearTensors,
  ModelPlan,
  PlannedLayer,
  Step,
  VirtualNodePlan,
} from '../gnn/plan/modelPlan';
import { convolutionOf } from '../gnn/plan/convolutions/convolutions';
import { stepSpec } from '../gnn/plan/steps';
import type { TensorSpec } from '../gnn/parameters';
import { activationTitles } from '../report/architectureText';

const normTitles: Readonly<Record<NormKind, string>> = {
  batch: 'BatchNorm',
  layer: 'LayerNorm',
  'graph-layer': 'LayerNorm over the graph',
  graph: 'GraphNorm',
};

/** What a model of another shape than the usual one does, from its input to its output. */
export function planParts(architecture: ArchitectureSummary, plan: ModelPlan): ModelPart[] {
  const { readout, secondReadout, jumping, jumpingInput } = architecture;
  const readouts = secondReadout === undefined ? readout : `${readout} beside ${secondReadout}`;
  const { embedding, encoder, layers, virtualNode, joint = [], head, outputs } = plan;
  const stepsOf = (steps: readonly Step[]): string[] => stepTexts(steps, architecture);
  const parts = layers.map(({ convolution, steps }, i): ModelPart => {
    return {
      title: `${modelTitles[architecture.kind]} layer ${i + 1}`,
      steps: [
        ...(virtualNode === undefined ? [] : ['plus the row of the virtual node']),
        convolutionText(convolution),
        ...stepsOf(steps),
      ],
      layer: i + 1,
      modules: modulesOf(layerTensors({ convolution, steps })),
    };
  });
  const read = {
    cat: 'layers side by side',
    max: 'the largest of each channel over layers',
    sum: 'the sum of the layers',
  };
  const joined = jumping === undefined ? [] : [`${read[jumping]}${jumpingInput ? ', the features included' : ''}`];
  return [
    ...(embedding === undefined ? [] : [embeddingPart(embedding)]),
    ...(encoder.length === 0
      ? []
      : [{ title: 'Encoder', steps: stepsOf(encoder), modules: modulesOf(stepTensors(encoder)) }]),
    ...parts,
    ...(virtualNode === undefined ? [] : [virtualNodePart(virtualNode, stepsOf)]),
    {
      title: 'Readout',
      steps: [...joined, ...stepsOf(joint), `${readouts} over the nodes of a graph`],
      modules: modulesOf(stepTensors(joint)),
    },
    {
      title: 'Classifier',
      steps: [
        ...stepsOf(head),
        outputs.length === 1
          ? linearText(outputs[0])
          : `Sum of ${plural(outputs.length, 'linear layer')}, one for each that is read`,
      ],
      modules: modulesOf([
        ...stepTensors(head),
        ...outputs.flatMap(({ weight, bias }) => [weight, ...(bias === undefined ? [] : [bias])]),
      ]),
    },
  ];
}

function embeddingPart({ tables, width }: EmbeddingTables): ModelPart {
  const places = tables.map((table) => table.places).join(', ');
  const steps = [`Sum of ${plural(tables.length, 'table')} (${places}) → ${width}`];
  return { title: 'Embedding', steps, modules: modulesOf(tables.map(({ name }) => name)) };
}

function virtualNodePart(
  { embedding, updates }: VirtualNodePlan,
  stepsOf: (steps: readonly Step[]) => string[],
): ModelPart {
  const steps = ['Sum over the nodes of a graph and itself, between layers', ...stepsOf(updates[0] ?? [])];
  return { title: 'Virtual node', steps, modules: modulesOf([embedding, ...updates.flatMap(stepTensors)]) };
}

function convolutionText(convolution: Convolution): string {
  switch (convolution.kind) {
    case 'gin': {
      const { aggregator = 'sum', selfLoops } = convolution;
      const what = { sum: 'Sum', mean: 'Mean', max: 'Maximum' }[aggregator];
      return selfLoops || aggregator === 'sum' ? `${what} of neighbours and self` : `${what} of neighbours, plus self`;
    }
    case 'gcn':
      return `GCN convolution ${widths(convolution.linear)}`;
    case 'sage':
      return `GraphSAGE convolution ${widths(convolution.neighbours)}, ${convolution.aggregator ?? 'mean'} of neighbours`;
    case 'edge-gin':
      return 'Sum of neighbours with features of edges, and self';
    case 'edge-gcn':
      return `GCN convolution ${widths(convolution.linear)} with features of edges`;
    case 'gat':
      return `GAT convolution ${widths(convolution.linear)}, ${headsText(convolution)}`;
    case 'gatv2':
      return `GATv2 convolution ${widths(convolution.source)}, ${headsText(convolution)}`;
  }
}

function headsText({ heads, averaged }: AttentionHeads): string {
  return `${plural(heads, 'head')}${averaged ? ' averaged' : ''}`;
}

/** Steps in words, one line for each linear layer and what follows it. */
function stepTexts(steps: readonly Step[], { activation = 'relu' }: ArchitectureSummary): string[] {
  const lines: string[][] = [];
  for (const step of steps) {
    switch (step.step) {
      case 'linear':
        lines.push([linearText(step)]);
        break;
      case 'norm':
        lineOf(lines).push(normTitles[step.kind]);
        break;
      case 'activation':
        lineOf(lines).push(activationTitles[step.kind ?? activation]);
        break;
      case 'residual':
        lineOf(lines).push(
          step.linear === undefined ? 'plus its input' : `plus ${linearText(step.linear)} of its input`,
        );
    }
  }
  return lines.map((line) => line.join(', '));
}

function lineOf(lines: string[][]): string[] {
  if (lines.length === 0) lines.push([]);
  return lines[lines.length - 1];
}

function linearText(linear: LinearTensors): string {
  return `Linear ${widths(linear)}`;
}

function widths({ inputs, outputs }: LinearTensors): string {
  return `${inputs} → ${outputs}`;
}

function layerTensors({ convolution, steps }: PlannedLayer): string[] {
  const { spec, steps: own = [] } = convolutionOf(convolution, 0);
  return [...namesOf(spec.tensors), ...stepTensors([...own, ...steps])];
}

function stepTensors(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => namesOf(stepSpec(step).tensors));
}

function namesOf(tensors: readonly TensorSpec[]): string[] {
  return tensors.map(({ name }) => name);
}

/** The modules that tensors are in: all but the last part of their names. */
function modulesOf(tensorNames: readonly string[]): string[] {
  const modules = tensorNames.map((name) => (name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name));
  return [...new Set(modules)];
}
