import assert from 'node:assert/strict';
import { computedModule } from '../../../../server/src/checkpoint/pickle/importLog';
import type { PickleImport } from '../../../../server/src/checkpoint/pickle/importLog';
import { comparedReadings } from '../../../../server/src/checkpoint/pickle/joblibReadings';

const read = (offset: number, module: string, name: string, argumentsText?: string): PickleImport => {
  return { module, name, offset, called: true, argumentsText };
};

describe('comparedReadings', () => {
  it('knows a name of the array with a module of the memo around it', () => {
    const intended = [read(1, 'numpy', 'dtype'), read(9, 'collections', 'OrderedDict')];
    const plain = [
      read(1, 'key', 'dtype', '"O8"'),
      read(5, 'key', 'dtype', '"f4"'),
      read(9, 'collections', 'OrderedDict'),
    ];
    const { misread, others } = comparedReadings(intended, plain);
    assert.deepEqual(others, []);
    assert.deepEqual(
      misread.map(({ module, insteadOf }) => [module, insteadOf]),
      [['key', 'numpy']],
    );
  });

  it('leaves out modules that are no text: nothing imports them', () => {
    const { misread, others } = comparedReadings([read(1, 'numpy', 'dtype')], [read(1, computedModule, 'dtype')]);
    assert.deepEqual([misread, others], [[], []]);
  });

  it('tells of other names, and of what joblib does not read', () => {
    const plain = [read(1, 'os', 'system'), read(7, 'os', 'popen'), read(8, 'a', computedModule)];
    const intended = [read(1, 'collections', 'OrderedDict'), read(8, 'a', 'b')];
    assert.deepEqual(comparedReadings(intended, plain), { misread: [], others: plain });
  });

  it('compares what lookups look up', () => {
    const plain = [read(1, 'builtins', 'getattr', 'os, "system"')];
    const intended = [read(1, 'builtins', 'getattr', 'torch, "relu"')];
    assert.deepEqual(comparedReadings(intended, plain).others, plain);
    assert.deepEqual(comparedReadings(plain, plain).others, []);
  });
});
