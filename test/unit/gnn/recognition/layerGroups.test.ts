import assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupLayers } from '../../../../server/src/gnn/recognition/layerGroups';
import { UnrecognisedArchitectureError, UnsupportedTaskError } from '../../../../server/src/gnn/unrecognised';

function reasonFor(names: readonly string[]): string {
  try {
    groupLayers(names);
  } catch (error) {
    if (error instanceof UnrecognisedArchitectureError) return error.reason;
    throw error;
  }
  return '';
}

describe('groupLayers', () => {
  const layer = (i: number): string[] => [`convs.${i}.nn.2.weight`, `convs.${i}.nn.0.weight`, `convs.${i}.eps`];

  it('puts layers and places in numerical order', () => {
    const indices = [10, 9, 2, 1, 3, 4, 5, 6, 7, 8];
    const { layers, output } = groupLayers(['fc.weight', ...indices.flatMap(layer)]);
    assert.equal(layers.length, 10);
    assert.deepEqual(layers[9], { stem: 'convs.10.nn.', places: [0, 2], eps: 'convs.10.eps' });
    assert.equal(output, 'fc');
  });

  it('says what is missing or twice', () => {
    assert.match(reasonFor([...layer(0), 'mlp.0.weight']), /no linear layer behind the readout/);
    assert.match(reasonFor([...layer(0), 'lin.weight', 'fc.weight']), /found "lin", "fc"/);
    assert.match(reasonFor([...layer(0), ...layer(2), 'lin.weight']), /layer 1 is missing, but there is a layer 2/);
    assert.match(
      reasonFor([...layer(0), 'other.1.nn.0.weight', 'lin.weight']),
      /layers in several places: "convs\.", "other\."/,
    );
  });

  it('tells a model that answers for nodes from one whose last layer has another name', () => {
    const norm = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'].map(
      (part) => `bns.0.${part}`,
    );
    assert.throws(() => groupLayers(layer(0)), UnsupportedTaskError);
    assert.throws(() => groupLayers([...layer(0), ...norm]), UnsupportedTaskError);
    assert.match(reasonFor([...layer(0), ...norm, 'bns.1.weight']), /no linear layer behind the readout/);
  });

  it('answers any names with a result or a reason, quickly', () => {
    const piece = fc.constantFrom('convs', '.', '0', '12', 'nn', 'eps', 'weight', 'lin', '.nn.', '\u0000', 'é');
    const name = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 8 }), (names) => {
        reasonFor(names);
      }),
      { seed: 3, numRuns: 500 },
    );
    const start = performance.now();
    reasonFor(['1'.repeat(100_000), '.'.repeat(100_000), 'conv1'.repeat(20_000), `${'1.nn.'.repeat(20_000)}x`]);
    assert.ok(performance.now() - start < 2000);
  });
});
