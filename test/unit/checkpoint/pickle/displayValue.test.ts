import assert from 'node:assert/strict';
import { displayArguments, displayValue, printable } from '../../../../server/src/checkpoint/pickle/displayValue';
import {
  GlobalReference,
  OpaqueValue,
  PersistentReference,
  PickleDict,
  PickleList,
  PickleObject,
  PickleTuple,
} from '../../../../server/src/checkpoint/pickle/values';

describe('displayArguments', () => {
  it('writes literals as Python does', () => {
    assert.equal(displayArguments([]), '');
    assert.equal(
      displayArguments(['a "b"\\\n', 1, 2n, null, true, false, 0.5]),
      '"a \\"b\\"\\\\\\n", 1, 2, None, True, False, ...',
    );
    assert.equal(displayValue(Uint8Array.of(65, 0, 255)), 'b"A\\x00\\xff"');
    assert.equal(displayValue(new PickleTuple([1])), '(1,)');
  });

  it('writes containers, imports and calls', () => {
    const list = new PickleList();
    list.items.push(1, 'x');
    const dict = new PickleDict();
    dict.entries.push(['key', list]);
    assert.equal(displayValue(dict), '{"key": [1, "x"]}');
    const call = new PickleObject(new GlobalReference('os', 'system', 0), ['id']);
    assert.equal(displayValue(call), 'os.system("id")');
    assert.equal(displayArguments([new PersistentReference('0'), new OpaqueValue('buffer')]), '<storage>, <buffer>');
  });

  it('stays short, however long, deep or circular a value is', () => {
    assert.ok(displayValue('x'.repeat(10_000)).length <= 90);
    assert.ok(displayArguments(Array<string>(100).fill('y'.repeat(70))).length <= 160);
    const circular = new PickleList();
    circular.items.push(circular, circular);
    assert.match(displayValue(circular), /^\[\[\[/);
  });
});

describe('printable', () => {
  it('escapes all that could disguise a name', () => {
    assert.equal(printable('os.system'), 'os.system');
    assert.equal(printable('o\u0455\u202e\n\x1b[1m'), 'o\\u{455}\\u{202e}\\x0a\\x1b[1m');
  });
});
