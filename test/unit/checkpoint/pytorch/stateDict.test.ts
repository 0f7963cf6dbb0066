import assert from 'node:assert/strict';
import type { PickleValue } from '../../../../server/src/checkpoint/pickle/values';
import {
  GlobalReference,
  PersistentReference,
  PickleDict,
  PickleList,
  PickleObject,
  PickleTuple,
} from '../../../../server/src/checkpoint/pickle/values';
import { limits } from '../../../../server/src/checkpoint/limits';
import { findStateDict } from '../../../../server/src/checkpoint/pytorch/stateDict';
import { UnreadTensor } from '../../../../server/src/checkpoint/pytorch/tensorReference';

const call = (module: string, name: string, ...args: PickleValue[]) =>
  new PickleObject(new GlobalReference(module, name, 0), args);

function dict(entries: Record<string, PickleValue>, made: PickleDict | PickleObject = new PickleDict()): typeof made {
  made.entries.push(...Object.entries(entries));
  return made;
}

function tensor(): PickleObject {
  const id = new PickleTuple(['storage', new GlobalReference('torch', 'FloatStorage', 0), '0', 'cpu', 1]);
  return call(
    'torch._utils',
    '_rebuild_tensor_v2',
    new PersistentReference(id),
    0,
    new PickleTuple([1]),
    new PickleTuple([1]),
    false,
    null,
  );
}

function module(
  parameters: Record<string, PickleValue>,
  modules: Record<string, PickleValue>,
  more: Record<string, PickleValue> = {},
): PickleObject {
  const made = call('__main__', 'Net');
  made.states.push(
    dict({ _parameters: dict(parameters, call('collections', 'OrderedDict')), _modules: dict(modules), ...more }),
  );
  return made;
}

function found(root: PickleValue): [string, string[]] {
  const result = findStateDict(root);
  assert.ok(typeof result !== 'string');
  return [result.wrapper, [...result.tensors.keys()]];
}

/** Why the first tensor that is not read is not. */
function unread(root: PickleValue): string {
  const result = findStateDict(root);
  assert.ok(typeof result !== 'string');
  const reference = [...result.tensors.values()].find((tensor) => tensor instanceof UnreadTensor);
  return reference?.reason ?? '';
}

describe('findStateDict', () => {
  it('takes a dict of tensors as it is, and leaves out what is no tensor', () => {
    assert.deepEqual(found(dict({ a: tensor(), epoch: 3, b: tensor() })), ['', ['a', 'b']]);
    assert.deepEqual(found(dict({ a: tensor() }, call('collections', 'OrderedDict'))), ['', ['a']]);
  });

  it('prefers the usual keys to everything else', () => {
    const state = dict({ w: tensor() });
    const other = dict({ ema: tensor(), more: tensor() });
    assert.deepEqual(found(dict({ loss: tensor(), ema: other, state_dict: state })), ['state_dict', ['w']]);
    assert.deepEqual(found(dict({ model: module({ w: tensor() }, {}), optimizer: other })), ['model', ['w']]);
  });

  it('takes the only dict of tensors under another key, unless the tensors beside it are more', () => {
    assert.deepEqual(found(dict({ gnn: dict({ w: tensor(), v: tensor() }), score: tensor() })), ['gnn', ['w', 'v']]);
    assert.deepEqual(found(dict({ 'lin._extra_state': dict({ x: tensor() }), w: tensor(), v: tensor() })), [
      '',
      ['w', 'v'],
    ]);
  });

  it('names parameters, buffers and modules in the order of state_dict()', () => {
    const child = module(
      { weight: tensor(), bias: null },
      {},
      {
        _buffers: dict({ mean: tensor(), cache: tensor() }),
        _non_persistent_buffers_set: call('builtins', 'set', list('cache')),
      },
    );
    assert.deepEqual(found(module({ eps: tensor() }, { '0': child, '1': module({ w: tensor() }, {}) })), [
      '',
      ['eps', '0.weight', '0.mean', '1.w'],
    ]);
  });

  it('says what it found instead', () => {
    const reasons: readonly (readonly [PickleValue, RegExp])[] = [
      [null, /neither/],
      [tensor(), /single tensor/],
      [list(1), /a list/],
      [call('os', 'system', 'id'), /object of os\.system/],
      [new PickleObject(call('m', 'f'), []), /computed class/],
      [dict({}), /no tensors/],
      [dict({ a: dict({ x: tensor() }), b: dict({ x: tensor() }) }), /several state dicts \("a", "b"\)/],
    ];
    for (const [root, reason] of reasons) {
      const answer = findStateDict(root);
      assert.match(typeof answer === 'string' ? answer : '', reason);
    }
  });

  it('ends on modules that hold themselves, once or in great number', () => {
    const own = module({ w: tensor() }, {});
    const state = own.states[0];
    assert.ok(state instanceof PickleDict);
    state.entries.push(['_modules', dict({ self: own })]);
    assert.match(unread(own), /deeper or more often than is followed/);
    let tower = module({ w: tensor() }, {});
    for (let i = 0; i < 40; i++) tower = module({}, { left: tower, right: tower });
    assert.match(unread(tower), /deeper or more often than is followed/);
  });

  it('goes through what is held many times over once, and through nested modules within limits', () => {
    const shared = new PickleDict();
    const root = new PickleDict();
    for (let i = 0; i < 20_000; i++) shared.entries.push([`x${i}`, null]);
    for (let i = 0; i < 20_000; i++) root.entries.push([`y${i}`, shared]);
    assert.equal(findStateDict(root), 'it holds no tensors');

    // Each of many modules has the same many parameters, and each holds the next twice.
    const parameters: Record<string, PickleValue> = {};
    for (let i = 0; i < 1000; i++) parameters[`w${i}`] = tensor();
    let net = module(parameters, {});
    for (let depth = 0; depth < 40; depth++) net = module(parameters, { a: net, b: net });
    assert.match(unread(net), /more often than is followed/);
    const result = findStateDict(net);
    assert.ok(typeof result !== 'string' && result.tensors.size < limits.entries);

    let named = module({ weight: tensor() }, {});
    for (let depth = 0; depth < 60; depth++) named = module({}, { ['n'.repeat(1 << 24)]: named });
    assert.match(unread(named), /longer names/);
  });
});

function list(...items: PickleValue[]): PickleList {
  const made = new PickleList();
  made.items.push(...items);
  return made;
}
