import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ArchitectureSummary, Readout } from '../../../protocol/model';
import type { Tensor } from '../../../server/src/checkpoint/checkpoint';
import { Rng } from '../../../server/src/graph/rng';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../server/src/gnn/predict';
import {
  guessedReadoutNote,
  recogniseArchitecture,
  UnrecognisedArchitectureError,
} from '../../../server/src/gnn/recognise';
import type { PlannedLayer } from '../../../server/src/gnn/plan/modelPlan';
import type { GinLayerNames, LayerNames } from '../../../server/src/gnn/tensorNames';
import { selectBackend } from '../../../server/src/tensor/backend';
import { graphOf } from '../../support/graphs';
import { numericTensors, tensorOf } from '../../support/numericFixture';
import { processorTime } from '../../support/processorTime';

type Tensors = Map<string, Tensor>;

function renamed(tensors: Tensors, rename: (name: string) => string): Tensors {
  return new Map([...tensors].map(([name, tensor]) => [rename(name), { ...tensor, name: rename(name) }]));
}

/** The tensors of a fresh model. */
function freshTensors(architecture: Partial<ArchitectureSummary>): Tensors {
  const model = GraphModel.random(
    {
      kind: 'gin',
      layers: 2,
      hidden: 4,
      inputs: 3,
      classes: 2,
      readout: 'sum',
      batchNorm: true,
      eps: [0, 0],
      ...architecture,
    },
    new Rng(1),
  );
  const tensors = model
    .stateDict()
    .map(({ name, shape, values, dtype }): [string, Tensor] => [name, tensorOf(name, shape, [...values], dtype)]);
  model.dispose();
  return new Map(tensors);
}

/** The error for tensors that are not recognised. */
function refusal(tensors: Tensors, override?: Partial<ArchitectureSummary>): UnrecognisedArchitectureError {
  try {
    recogniseArchitecture(tensors, override);
  } catch (error) {
    if (error instanceof UnrecognisedArchitectureError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'the tensors were recognised' });
}

function ginNames(names: LayerNames | PlannedLayer): GinLayerNames {
  assert.ok('first' in names);
  return names;
}

describe('recogniseArchitecture', () => {
  before(() => selectBackend('cpu'));

  it('recognises the usual module, guessing only what leaves no tensors', () => {
    const { architecture, names, notes, readoutIsGuess } = recogniseArchitecture(numericTensors('student'));
    assert.deepEqual(architecture, {
      kind: 'gin',
      layers: 3,
      hidden: 4,
      inputs: 3,
      classes: 2,
      readout: 'sum',
      batchNorm: true,
      eps: [0, 0, 0],
    });
    assert.deepEqual(ginNames(names.layers[1]).second, { linear: 'convs.1.nn.3', norm: 'convs.1.nn.4' });
    assert.equal(readoutIsGuess, true);
    assert.ok(notes.includes(guessedReadoutNote));
    assert.ok(notes.some((note) => note.includes('eps')));
  });

  it('takes a readout that somebody vouches for', () => {
    const { architecture, notes, readoutIsGuess } = recogniseArchitecture(numericTensors('student'), {
      readout: 'mean',
    });
    assert.equal(architecture.readout, 'mean');
    assert.equal(readoutIsGuess, false);
    assert.ok(!notes.includes(guessedReadoutNote));
  });

  for (const [what, rename] of [
    ['a prefix', (name: string) => `module.model.${name}`],
    ['numbered attributes', (name: string) => name.replace(/^convs\.(\d)/, (_, i) => `conv${Number(i) + 1}`)],
    ['other names', (name: string) => name.replace('convs', 'gin_layers').replace('lin.', 'classifier.')],
  ] as const) {
    it(`sees through ${what}`, () => {
      const tensors = renamed(freshTensors({ eps: [0.25, 0.5] }), rename);
      const { architecture, names } = recogniseArchitecture(tensors);
      assert.deepEqual(architecture.eps, [0.25, 0.5]);
      assert.equal(ginNames(names.layers[1]).first.linear, rename('convs.1.nn.0'));
      const model = GraphModel.fromCheckpoint(tensors, { architecture, names });
      assert.deepEqual(new Set(model.stateDict().map(({ name }) => name)), new Set(tensors.keys()));
      model.dispose();
    });
  }

  it('recognises layers without BatchNorm, and with one BatchNorm only', () => {
    const plain = recogniseArchitecture(freshTensors({ batchNorm: false }));
    assert.equal(plain.architecture.batchNorm, false);
    assert.deepEqual(ginNames(plain.names.layers[0]).second, { linear: 'convs.0.nn.2' });
    const tensors = freshTensors({});
    for (const name of [...tensors.keys()]) if (name.includes('.nn.4.')) tensors.delete(name);
    const half = recogniseArchitecture(tensors);
    assert.equal(half.architecture.batchNorm, true);
    assert.deepEqual(ginNames(half.names.layers[0]).second, { linear: 'convs.0.nn.3' });
  });

  it('fills in eps where the checkpoint keeps none, and only there', () => {
    assert.deepEqual(recogniseArchitecture(numericTensors('student'), { eps: [1, 2, 3] }).architecture.eps, [1, 2, 3]);
    assert.match(refusal(freshTensors({}), { eps: [1, 2] }).reason, /eps was given as \[1, 2\].*show \[0, 0\]/);
    assert.match(refusal(numericTensors('student'), { eps: [1] }).reason, /eps was given as \[1\]/);
  });

  it('refuses what the tensors contradict', () => {
    assert.match(refusal(freshTensors({}), { hidden: 8 }).reason, /hidden was given as 8, but the tensors show 4/);
    assert.match(refusal(freshTensors({}), { batchNorm: false }).reason, /batchNorm/);
    assert.doesNotThrow(() => recogniseArchitecture(freshTensors({}), { layers: 2, hidden: 4, classes: 2 }));
  });

  it('says which shapes do not chain', () => {
    const tensors = freshTensors({});
    tensors.set('lin.weight', tensorOf('lin.weight', [2, 9], new Array<number>(18).fill(1)));
    const error = refusal(tensors);
    assert.equal(error.tensor, 'lin.weight');
    assert.match(
      error.message,
      /4 columns were expected, as many as convs\.1\.nn\.3 before it gives, or 8, .*, found 9/,
    );
  });

  it('refuses a single class', () => {
    const tensors = freshTensors({});
    tensors.set('lin.weight', tensorOf('lin.weight', [1, 4], [1, 1, 1, 1]));
    tensors.set('lin.bias', tensorOf('lin.bias', [1], [0]));
    assert.match(refusal(tensors).reason, /a score for each of at least two classes/);
  });

  it('ignores no tensor: an unknown one could change what the model computes', () => {
    for (const stranger of ['mask', 'convs.0.nn.0.scale', 'convs.0.nn.1.extra', 'bn.weight', 'lin.scale']) {
      const tensors = freshTensors({});
      tensors.set(stranger, tensorOf(stranger, [1], [1]));
      const error = refusal(tensors);
      assert.equal(error.tensor, stranger);
      assert.match(error.reason, /no known part|no known kind|a normalisation behind each/);
    }
  });

  it('answers damaged tensors with a reason, or with a model that runs', () => {
    const original = [...freshTensors({})];
    const size = fc.constantFrom(0, 1, 2, 3, 4, 5);
    const damage = fc.record({
      index: fc.nat(original.length - 1),
      kind: fc.constantFrom('drop', 'reshape', 'rename', 'dtype'),
      shape: fc.array(size, { maxLength: 3 }),
      name: fc.constantFrom('convs.0.nn.0.weight', 'convs.1.nn.5.weight', 'convs.9.eps', 'lin', 'fc.weight', 'x'),
    });
    let recognised = 0;
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        const tensors = new Map(original);
        for (const { index, kind, shape, name } of damages) {
          const [victim, tensor] = original[index];
          tensors.delete(victim);
          const values = new Array<number>(shape.reduce<number>((product, n) => product * n, 1)).fill(0.5);
          if (kind === 'reshape') tensors.set(victim, tensorOf(victim, shape, values));
          if (kind === 'rename') tensors.set(name, { ...tensor, name });
          if (kind === 'dtype') tensors.set(victim, { ...tensor, dtype: 'int8' });
        }
        try {
          const recognition = recogniseArchitecture(tensors);
          const model = GraphModel.fromCheckpoint(tensors, recognition);
          const { inputs, classes } = recognition.architecture;
          const layout = { kind: 'constant', width: inputs, attributeWidth: 0, labelColumns: 0 } as const;
          const logits = predictLogits(model, [graphOf(3, { edges: [[0, 1]] })], layout);
          assert.ok(logits.length === classes && logits.every(Number.isFinite));
          model.dispose();
          recognised++;
        } catch (error) {
          if (!(error instanceof UnrecognisedArchitectureError)) throw error;
        }
      }),
      { seed: 3, numRuns: 300 },
    );
    assert.ok(recognised > 0 && recognised < 300);
  });

  it('answers any names with a model or a reason, soon', () => {
    const pieces = [
      'convs',
      '0',
      '12',
      'nn',
      'eps',
      'weight',
      'lin',
      'bias',
      'att_src',
      'mlp',
      '',
      '\u0000',
      'module',
      'running_mean',
    ];
    const name = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));
    const shape = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 3 });
    const known = (tensors: Tensors): boolean => {
      try {
        recogniseArchitecture(tensors);
        return true;
      } catch (error) {
        if (!(error instanceof UnrecognisedArchitectureError)) throw error;
        return false;
      }
    };
    const filled = (at: string, sizes: readonly number[]): [string, Tensor] => [
      at,
      tensorOf(at, sizes, new Array<number>(sizes.reduce((product, size) => product * size, 1)).fill(0.5)),
    ];
    fc.assert(
      fc.property(fc.dictionary(name, shape, { maxKeys: 12 }), (shapes) => {
        known(new Map(Object.entries(shapes).map(([at, sizes]) => filled(at, sizes))));
      }),
      { seed: 6, numRuns: 1000 },
    );
    let time = 0;
    for (const make of [
      (i: number) => `convs.${i}.nn.0.weight`,
      (i: number) => `convs.0.nn.${i}.weight`,
      (i: number) => `a${i}.weight`,
      (i: number) => `conv1.${'x.'.repeat(i % 400)}lin.weight`,
      (i: number) => `gcn.lin.${i}.lin.weight`,
    ]) {
      const usual = [filled('convs.0.nn.0.weight', [2, 2]), filled('lin.weight', [2, 2])];
      const tensors = new Map([...usual, ...Array.from({ length: 6000 }, (_, i) => filled(make(i), [2, 2]))]);
      time += processorTime(() => known(tensors));
    }
    assert.ok(time < 20_000, `${time} ms`);
    assert.ok(!known(new Map([filled('1'.repeat(100_000), [1])])));
  });

  it('says what is looked for where there is no layer of a known kind', () => {
    assert.equal(refusal(new Map()).reason, 'there are no tensors');
    const { reason } = refusal(new Map([['a.weight', tensorOf('a.weight', [1], [1])]]));
    assert.match(reason, /no layer of a known kind: .*; the first is a\.weight\. .*architecture\.tensors/);
  });

  it('refuses a readout that there is none of', () => {
    const readout = 'median' as Readout;
    assert.match(
      refusal(freshTensors({}), { readout }).reason,
      /given as median, but it must be one of sum, mean, max/,
    );
  });

  it('refuses an eps of several numbers', () => {
    const tensors = freshTensors({});
    tensors.set('convs.0.eps', tensorOf('convs.0.eps', [2], [0, 0]));
    assert.match(refusal(tensors).reason, /one number was expected, found 2/);
  });
});
