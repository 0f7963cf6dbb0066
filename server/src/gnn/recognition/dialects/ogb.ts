import type { ArchitectureSummary } from '../../../../../protocol/model';
import type { ModelPlan, Step, VirtualNodePlan } from '../../plan/modelPlan';
import { UnrecognisedArchitectureError } from '../../unrecognised';
import { assemble } from '../assemble';
import type { Assemble, Dialect } from '../dialect';
import { placesOf, readTables } from '../embeddingTables';
import { ogbGcnForm, ogbGinForm, readRow } from '../forms/ogb';
import type { NamedTensors } from '../namedTensors';
import { readSequence } from '../sequence';
import type { Settings } from '../settings';

const atoms = /(?:^|\.)atom_encoder\.atom_embedding_list(?=\.\d+\.weight$)/;
const bonds = /\.bond_encoder\.bond_embedding_list\.\d+\.weight$/;
const virtual = /(?:^|\.)(?:virtualnode_embedding|mlp_virtualnode_list)\./;

/** What is the same for both kinds of layers. */
const common = {
  usual: { readout: 'mean', lastActivation: false },
  // Its options are the readout, residual connections, and whether all layers are read.
  closed: ['activation', 'lastActivation', 'encoderActivation', 'normBehindActivation', 'norm', 'jumping'],
  open: [{ part: 'jumping', values: [undefined, 'sum'] }],
  oneOutput: true,
  assemble: assembleOgb,
} satisfies Partial<Dialect>;

/** `examples/graphproppred/mol` of OGB (Hu et al. 2020) with `gin` and `gin-virtual`. */
export const ogbGin: Dialect = {
  id: 'ogb-gin',
  title: "GIN of OGB's examples for molecules",
  example: 'gnn_node.convs.0.mlp.0.weight',
  matches: (tensors) => isOgb(tensors) && [...tensors.keys()].some((name) => name.endsWith('.mlp.0.weight')),
  form: ogbGinForm,
  ...common,
};

/** The same with `gcn` and `gcn-virtual`. */
export const ogbGcn: Dialect = {
  id: 'ogb-gcn',
  title: "GCN of OGB's examples for molecules",
  example: 'gnn_node.convs.0.root_emb.weight',
  matches: (tensors) => isOgb(tensors) && [...tensors.keys()].some((name) => name.endsWith('.root_emb.weight')),
  form: ogbGcnForm,
  ...common,
};

/** Whether atoms and bonds are embedded as in OGB's examples, whatever the layers are. */
function isOgb(tensors: NamedTensors): boolean {
  const names = [...tensors.keys()];
  return names.some((name) => atoms.test(name)) && names.some((name) => bonds.test(name));
}

/** Layers and output as of any model; before them tables for atoms, beside them a virtual node or none. */
function assembleOgb(tensors: NamedTensors, dialect: Dialect, override: Parameters<Assemble>[2]): ReturnType<Assemble> {
  const others = [...tensors].filter(([name]) => !atoms.test(name) && !virtual.test(name));
  const assembly = assemble(new Map(others), dialect, override);
  const { architecture, plan } = assembly;
  const [first] = [...tensors.keys()].filter((name) => atoms.test(name));
  const list = first.replace(/\.\d+\.weight$/, '');
  const embedding = readTables(tensors, list, architecture.inputs);
  const virtualNode = virtualNodeOf(tensors, plan, architecture.hidden, override);
  const { jumping } = architecture;
  return {
    ...assembly,
    architecture: {
      ...architecture,
      inputs: embedding.tables.length,
      // Where layers are read together, what the tables give is read as if a layer gave it.
      ...(jumping !== undefined && { jumpingInput: true }),
      embeddings: placesOf(embedding),
      edgeEmbeddings: edgePlaces(plan),
      ...(virtualNode && { virtualNode: true }),
    },
    plan: { ...plan, embedding, ...(virtualNode && { virtualNode }) },
    notes: [...assembly.notes, outputNote(architecture)],
  };
}

/** Places of the tables for edges, which are those of all layers. @throws UnrecognisedArchitectureError */
function edgePlaces({ layers }: ModelPlan): number[] {
  const all = layers.flatMap(({ convolution }) => ('edges' in convolution ? [convolution.edges] : []));
  const [first] = all;
  const other = all.find((edges) => placesOf(edges).join() !== placesOf(first).join());
  if (other === undefined) return placesOf(first);
  const reason = `${placesOf(first).join(', ')} places were expected in the tables of this layer, as in ${first.tables[0].name}, found ${placesOf(other).join(', ')}`;
  throw new UnrecognisedArchitectureError(reason, other.tables[0].name);
}

/** @throws UnrecognisedArchitectureError where its width is not that of all layers, or part of it is missing */
function virtualNodeOf(
  tensors: NamedTensors,
  { layers }: ModelPlan,
  width: number,
  settings: Settings,
): VirtualNodePlan | undefined {
  const names = [...tensors.keys()].filter((name) => virtual.test(name));
  if (names.length === 0) return undefined;
  const home = names[0].slice(0, names[0].search(/(?:virtualnode_embedding|mlp_virtualnode_list)\./));
  const updates = layers.slice(1).map((_, i): readonly Step[] => {
    const module = `${home}mlp_virtualnode_list.${i}`;
    const own = names.filter((name) => name.startsWith(`${module}.`));
    if (own.length === 0) throw new UnrecognisedArchitectureError('no such tensor', `${module}.0.weight`);
    const { steps, inputs, outputs, first } = readSequence(tensors, module, own, settings);
    if (inputs !== width || outputs !== width) {
      const reason = `${width} columns were expected, as many as layers give, found ${inputs} and ${outputs}`;
      throw new UnrecognisedArchitectureError(reason, first);
    }
    const bare = steps.find((step) => step.step === 'linear' && step.bias === undefined);
    if (bare !== undefined) throw new UnrecognisedArchitectureError('a linear layer of it has no bias', first);
    return [...steps, { step: 'activation', kind: 'relu' }];
  });
  return { embedding: readRow(tensors, `${home}virtualnode_embedding.weight`, width), width, updates };
}

function outputNote({ oneOutput, classes }: ArchitectureSummary): string {
  return oneOutput === true
    ? 'Its one output is taken for the score of class 1 against 0 for class 0, as where it was trained to tell two classes apart; no tensor shows whether it was.'
    : `Its ${classes} outputs are taken for the scores of as many classes. Models of several yes-or-no tasks look the same, and are none of these.`;
}
