import assert from 'node:assert/strict';
import type { Tensor } from '../../../../server/src/checkpoint/checkpoint';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { recogniseArchitecture, UnrecognisedArchitectureError } from '../../../../server/src/gnn/recognise';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { tensorOf } from '../../../support/numericFixture';
import { pytorchTensors } from '../../../support/pytorchModels';

type Tensors = Map<string, Tensor>;

function renamed(file: string, rename: (name: string) => string): Tensors {
  return new Map([...pytorchTensors(file)].map(([name, tensor]) => [rename(name), { ...tensor, name: rename(name) }]));
}

/** The tensors of a file, some of them replaced, some left out. */
function changed(file: string, changes: Readonly<Record<string, readonly number[] | undefined>>): Tensors {
  const tensors = new Map(pytorchTensors(file));
  for (const [name, shape] of Object.entries(changes)) {
    const values = new Array<number>(shape?.reduce((product, size) => product * size, 1) ?? 0).fill(0.5);
    if (shape === undefined) tensors.delete(name);
    else tensors.set(name, tensorOf(name, shape, values));
  }
  return tensors;
}

function refusal(tensors: ReadonlyMap<string, Tensor>): string {
  try {
    recogniseArchitecture(tensors);
  } catch (error) {
    if (error instanceof UnrecognisedArchitectureError) return `${error.tensor ?? ''}: ${error.reason}`;
    throw error;
  }
  throw new assert.AssertionError({ message: 'the tensors were recognised' });
}

/** Leaves a BatchNorm out. */
function without(norm: string): Record<string, undefined> {
  const parts = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];
  return Object.fromEntries(parts.map((part) => [`${norm}.${part}`, undefined]));
}

describe('findLayers', () => {
  before(() => selectBackend('graphnad'));

  for (const [what, rename] of [
    ['a prefix', (name: string) => `module.${name}`],
    [
      'numbered attributes',
      (name: string) => name.replace(/^(conv|bn)s\.(\d)/, (_, what, i) => `${what}${Number(i) + 1}`),
    ],
    ["PyTorch Geometric's BatchNorm", (name: string) => name.replace(/^bns\.(\d)/, 'norms.$1.module')],
  ] as const) {
    for (const file of ['gcn-bn.pt', 'gat-bn.pt', 'gatv2-bn.pt', 'sage-bn.pt']) {
      it(`sees through ${what} in ${file}, and gives every tensor back`, () => {
        const tensors = renamed(file, rename);
        const recognition = recogniseArchitecture(tensors);
        const usual = recogniseArchitecture(pytorchTensors(file));
        assert.deepEqual(recognition.architecture, usual.architecture);
        const model = GraphModel.fromCheckpoint(tensors, recognition);
        assert.deepEqual(new Set(model.stateDict().map(({ name }) => name)), new Set(tensors.keys()));
        for (const [name, values] of model.exportTensors()) assert.deepEqual([...values], [...(tensors.get(name)?.values() ?? [])]); // prettier-ignore
        model.dispose();
      });
    }
  }

  it('takes the weight of GAT under both names that older versions keep it by, and writes both', () => {
    const tensors = renamed('gat-plain.pt', (name) => name.replace(/\.lin\.weight$/, '.lin_src.weight'));
    for (const [name, tensor] of [...tensors]) {
      if (!name.endsWith('.lin_src.weight')) continue;
      const copy = name.replace('lin_src', 'lin_dst');
      tensors.set(copy, { ...tensor, name: copy });
    }
    const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors));
    const exported = model.exportTensors();
    assert.deepEqual(exported.get('convs.1.lin_dst.weight'), exported.get('convs.1.lin_src.weight'));
    assert.deepEqual(new Set(exported.keys()), new Set(tensors.keys()));
    model.dispose();
    tensors.set('convs.1.lin_dst.weight', tensorOf('convs.1.lin_dst.weight', [4, 4], new Array<number>(16).fill(1)));
    assert.match(refusal(tensors), /^convs\.1\.lin_dst\.weight: it differs from convs\.1\.lin_src\.weight/);
  });

  it('takes shared weights of GATv2 as one, and writes both', () => {
    const tensors = new Map(pytorchTensors('gatv2-plain.pt'));
    for (const part of ['weight', 'bias']) {
      const left = tensors.get(`convs.0.lin_l.${part}`);
      assert.ok(left);
      tensors.set(`convs.0.lin_r.${part}`, { ...left, name: `convs.0.lin_r.${part}` });
    }
    const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors));
    const exported = model.exportTensors();
    assert.deepEqual(exported.get('convs.0.lin_r.weight'), exported.get('convs.0.lin_l.weight'));
    assert.deepEqual(new Set(exported.keys()), new Set(tensors.keys()));
    model.dispose();
  });

  it('names the tensor that does not fit, and why', () => {
    for (const [file, changes, expected] of [
      ['gcn-plain.pt', { 'convs.1.bias': undefined }, /^convs\.1\.bias: no such tensor, but convs\.0\.bias is there/],
      [
        'gcn-plain.pt',
        { 'convs.1.lin.weight': [4] },
        /^convs\.1\.lin\.weight: a matrix was expected, found shape \[4\]/,
      ],
      [
        'gcn-plain.pt',
        { 'convs.1.lin.weight': [4, 5] },
        /^convs\.1\.lin\.weight: 4 columns were expected, as many as convs\.0/,
      ],
      [
        'gcn-plain.pt',
        { 'convs.2.bias': [4] },
        /^convs\.2\.bias: it belongs to no known part of a GCN graph classifier/,
      ],
      ['gcn-plain.pt', { 'convs.3.lin.weight': [4, 4] }, /layer 2 is missing, but there is a layer 3/],
      ['gcn-plain.pt', { 'others.0.lin.weight': [4, 4] }, /^others\.0\.bias: no such tensor, but convs\.0\.bias/],
      [
        'gcn-plain.pt',
        { 'others.0.lin.weight': [4, 5], 'others.0.bias': [4] },
        /^others\.0\.lin\.weight: 4 columns were expected, as many as convs\.1\.lin before it gives, found 5/,
      ],
      [
        'gcn-plain.pt',
        { 'lin.weight': undefined, 'lin.bias': undefined },
        /nothing comes behind its message passing layers/,
      ],
      [
        'gcn-bn.pt',
        { 'bns.2.running_mean': undefined },
        /^bns\.2\.running_mean: shape \[4\] was expected, found no such tensor/,
      ],
      ['gcn-bn.pt', without('bns.1'), /^bns\.2\.weight: normalisation 1 is missing, but there is a normalisation 2/],
      [
        'gcn-bn.pt',
        { ...without('bns.1'), ...without('bns.2') },
        /^bns\.0\.weight: a normalisation behind each of the 3 layers.* found 1/,
      ],
      ['gcn-bn.pt', { 'bns.1.weight': [3] }, /^bns\.1\.weight: shape \[4\] was expected, found shape \[3\]/],
      ['sage-plain.pt', { 'convs.0.lin_r.weight': undefined }, /^convs\.0\.lin_r\.weight: no such tensor/],
      [
        'sage-plain.pt',
        { 'convs.0.lin_r.bias': [4] },
        /^convs\.1\.lin_r\.bias: no such tensor, but convs\.0\.lin_r\.bias is there/,
      ],
      [
        'gat-bn.pt',
        { 'convs.0.att_src': [1, 3, 2] },
        /^convs\.0\.att_src: shape \[1, heads, width\] with heads \* width = 4/,
      ],
      [
        'gat-bn.pt',
        { 'convs.1.att_src': [1, 1, 4] },
        /^convs\.1\.att_dst: shape \[1, 1, 4\] was expected, found shape \[1, 2, 2\]/,
      ],
      ['gat-bn.pt', { 'convs.0.att_edge': [1, 2, 2] }, /^convs\.0\.att_edge: its layers take features of edges/],
    ] as const) {
      assert.match(refusal(changed(file, changes)), expected);
    }
  });

  it('takes layers from several places one after the other, whatever their order in the file', () => {
    const tensors = renamed('gcn-plain.pt', (name) => name.replace('convs.0.', 'entry_conv.'));
    const sorted = new Map([...tensors].sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const given of [tensors, sorted, new Map([...sorted].reverse())]) {
      const { architecture, notes } = recogniseArchitecture(given);
      assert.deepEqual([architecture.layers, architecture.inputs], [2, 3]);
      assert.ok(
        notes.some((note) => /in several places \(from .*entry_conv.*\) and taken one after the other\.$/.test(note)),
      );
    }
  });

  it('takes layers of different widths', () => {
    const tensors = changed('gcn-plain.pt', {
      'convs.0.lin.weight': [5, 3],
      'convs.0.bias': [5],
      'convs.1.lin.weight': [4, 5],
    });
    assert.deepEqual(recogniseArchitecture(tensors).architecture.widths, [5, 4]);
  });
});
