import assert from 'node:assert/strict';
import { machineLine, replaceBetweenMarkers, sectionTables } from '../../../bench/engine/tables';

const machine = {
  ...{ processor: 'A processor', cores: 2, memoryGigabytes: 8, system: 'Linux x64', day: '2024-01-31' },
  versions: { 'Node.js': '20.0.0', PyTorch: '2.2.2' },
};

describe('tables of docs/performance.md', () => {
  it('name the machine and the versions', () => {
    const line = 'Measured on 2024-01-31: A processor, 2 cores, 8 GB, Linux x64; Node.js 20.0.0, PyTorch 2.2.2.\n';
    assert.equal(machineLine(machine), line);
  });

  it('show medians, ranges, and ratios turn by turn', () => {
    const contestant = (name: string, samples: readonly number[]) => ({
      ...{ name, threads: 1, samples, processor: samples },
    });
    const text = sectionTables.backends(
      [
        {
          shape: { kind: 'gin', inputs: 3, hidden: 64, layers: 3, classes: 2 },
          ...{ data: 'PROTEINS', batchSize: 32, nodes: 1226, edges: 4548, collating: false, lossDifference: 2e-5 },
          contestants: [contestant('ours', [2, 4, 3]), contestant('theirs', [20, 20, 36])],
        },
      ],
      machine,
    );
    assert.deepEqual(text.trim().split('\n').slice(2), [
      '| GIN 3x64 | step | ours, 1 thread | 3.00 (2.00-4.00) |  |  | 2e-5 |',
      '|  |  | theirs, 1 thread | 20.0 (20.0-36.0) | 10.0 (5.00-12.0) | 10.0 |  |',
    ]);
  });

  it('go where their markers are', () => {
    const text = 'a\n<!-- steps -->\nold\n<!-- /steps -->\nb\n';
    assert.equal(replaceBetweenMarkers(text, 'steps', 'new\n'), 'a\n<!-- steps -->\n\nnew\n\n<!-- /steps -->\nb\n');
    assert.throws(() => replaceBetweenMarkers(text, 'memory', 'new'), RangeError);
  });
});
