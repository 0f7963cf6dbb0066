import assert from 'node:assert/strict';
import { OpcodeReader } from '../../../../server/src/checkpoint/pickle/opcodeReader';
import { opcode, operandKinds } from '../../../../server/src/checkpoint/pickle/opcodes';
import * as asm from '../pickleAssembler';

function operand(bytes: Uint8Array): unknown {
  const reader = new OpcodeReader(bytes);
  reader.next();
  assert.equal(reader.position, bytes.length);
  return reader.operand;
}

describe('OpcodeReader', () => {
  it('knows the 68 opcodes of protocols 0 to 5', () => {
    assert.equal(Object.keys(opcode).length, 68);
    assert.equal(new Set(Object.values(opcode)).size, 68);
    assert.equal(operandKinds.filter((kind) => kind !== undefined).length, 68);
  });

  it('reads operands of every kind', () => {
    assert.equal(operand(asm.op('NONE')), undefined);
    assert.equal(operand(asm.op('BININT1', 200)), 200);
    assert.equal(operand(asm.op('BININT2', 1, 2)), 513);
    assert.equal(operand(asm.op('BININT', 0xff, 0xff, 0xff, 0xff)), -1);
    assert.equal(operand(asm.op('LONG_BINGET', 0xff, 0xff, 0xff, 0xff)), 0xffffffff);
    assert.equal(operand(asm.op('FRAME', asm.uint(70_000, 8))), 70_000);
    assert.equal(operand(asm.op('BINFLOAT', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0)), 1.5);
    assert.equal(operand(asm.op('INT', '12\n')), '12');
    assert.deepEqual(operand(asm.global('a.b', 'c')), ['a.b', 'c']);
    assert.equal(operand(asm.op('UNICODE', '\xfc\n')), '\u00fc');
    assert.equal(operand(asm.text('\ufeff\u00fc')), '\ufeff\u00fc');
    assert.equal(operand(asm.op('BINUNICODE8', asm.uint(1, 8), 'x')), 'x');
    assert.deepEqual(operand(asm.op('SHORT_BINBYTES', 2, 'xy')), Buffer.from('xy'));
    assert.deepEqual(operand(asm.op('BYTEARRAY8', asm.uint(1, 8), 'x')), Buffer.from('x'));
  });

  it('starts where it is told and keeps the offset of the opcode', () => {
    const reader = new OpcodeReader(asm.bytesOf('NN', asm.op('BININT1', 7)), 2);
    reader.next();
    assert.deepEqual([reader.offset, reader.position, reader.operand], [2, 4, 7]);
  });
});
