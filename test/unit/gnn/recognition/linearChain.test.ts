import assert from 'node:assert/strict';
import { findChains, type FreeLinear } from '../../../../server/src/gnn/recognition/linearChain';
import { processorTime } from '../../../support/processorTime';

const free = (name: string, outputs: number, inputs: number): FreeLinear => ({
  ...{ name, parts: ['weight'], weight: `${name}.weight`, inputs, outputs },
});

/** The likeliest order: what comes before the layers, and behind the readout. */
function order(
  linears: readonly FreeLinear[],
  widths: { inputs: number; read: number[] },
  early: string[] = [],
): string {
  const sizes = { inputs: widths.inputs, read: new Set(widths.read) };
  const [chain] = findChains(linears, sizes, ({ name }) => early.includes(name));
  if (chain === undefined) return 'none';
  const names = (list: readonly FreeLinear[]): string => list.map(({ name }) => name).join(' ');
  return `${names(chain.before)} | ${names(chain.behind)}`;
}

describe('findChains', () => {
  it('goes by widths where they leave no choice, whatever the order', () => {
    const linears = [free('c', 2, 6), free('a', 8, 5), free('b', 6, 8)];
    assert.equal(order(linears, { inputs: 8, read: [8] }), 'a | b c');
    assert.equal(order(linears, { inputs: 3, read: [8] }), 'none');
  });

  it('goes by names, then by the order of the file, where they do', () => {
    const square = (...names: string[]): FreeLinear[] => names.map((name) => free(name, 8, 8));
    const widths = { inputs: 8, read: [8] };
    assert.equal(order(square('out', 'encoder', 'lin'), widths), 'encoder | lin out');
    assert.equal(order(square('a', 'b'), widths, ['a']), 'a | b');
    assert.equal(order(square('a', 'b'), widths), ' | a b');
  });

  it('keeps lists in the order of their numbers', () => {
    assert.equal(order([free('lin2', 8, 8), free('lin1', 8, 8)], { inputs: 3, read: [8] }), ' | lin1 lin2');
    assert.equal(order([free('lins.1', 2, 8), free('lins.0', 8, 5)], { inputs: 8, read: [8] }), 'lins.0 | lins.1');
  });

  it('answers soon where everything fits everything', () => {
    const many = Array.from({ length: 64 }, (_, i) => free(`${'x'.repeat(i + 1)}`, 8, 8));
    const time = processorTime(() => findChains(many, { inputs: 8, read: new Set([8]) }, () => false));
    assert.ok(time < 5000, `${time} ms`);
  });
});
