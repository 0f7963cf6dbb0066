import assert from 'node:assert/strict';
import {
  decodeInteger,
  parseFloat64,
  parseInteger,
  parseMemoKey,
  parseQuoted,
  parseRawUnicode,
} from '../../../../server/src/checkpoint/pickle/literals';
import { OpaqueValue } from '../../../../server/src/checkpoint/pickle/values';

describe('literals of text opcodes', () => {
  it('reads integers', () => {
    assert.equal(parseInteger('01', false), true);
    assert.equal(parseInteger('00', false), false);
    assert.equal(parseInteger('01', true), 1);
    assert.equal(parseInteger('-12L', true), -12);
    assert.equal(parseInteger('+5', false), 5);
    assert.equal(parseInteger('123456789012345678901234567890L', true), 123456789012345678901234567890n);
    assert.ok(parseInteger('0x10', false) instanceof OpaqueValue);
  });

  it("reads two's complement of any length", () => {
    assert.equal(decodeInteger(new Uint8Array()), 0);
    assert.equal(decodeInteger(Uint8Array.of(0xff)), -1);
    assert.equal(decodeInteger(Uint8Array.of(0xff, 0)), 255);
    assert.equal(decodeInteger(Uint8Array.of(0, 0x80)), -32768);
    assert.equal(decodeInteger(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1)), 2n ** 64n);
  });

  it('reads floats', () => {
    assert.equal(parseFloat64('-1.5e3'), -1500);
    assert.equal(parseFloat64('-inf'), -Infinity);
    assert.equal(parseFloat64('nan'), NaN);
    assert.ok(parseFloat64('') instanceof OpaqueValue);
    assert.ok(parseFloat64('1.5.2') instanceof OpaqueValue);
  });

  it('reads quoted strings and their escapes', () => {
    assert.equal(parseQuoted(`'it\\'s \\x41\\101\\t\\\\ \\q'`), "it's AA\t\\ \\q");
    assert.equal(parseQuoted('"x"'), 'x');
    assert.equal(parseQuoted('bare'), 'bare');
  });

  it('reads raw Unicode, in which only code points are escaped', () => {
    assert.equal(parseRawUnicode('\\u00e9\\n\\U0001f600\\u12'), '\u00e9\\n\u{1f600}\\u12');
    assert.equal(parseRawUnicode('\\Uffffffff'), '\\Uffffffff');
  });

  it('reads memo keys', () => {
    assert.equal(parseMemoKey('12'), 12);
    for (const text of ['', '-1', 'x', '1.5', '99999999999999999999']) assert.throws(() => parseMemoKey(text));
  });
});
