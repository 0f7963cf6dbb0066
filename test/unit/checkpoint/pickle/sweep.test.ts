import assert from 'node:assert/strict';
import { sweepImports } from '../../../../server/src/checkpoint/pickle/sweep';
import * as asm from '../pickleAssembler';

const names = (bytes: Uint8Array, start = 0) =>
  sweepImports(bytes, start, { left: 1000 }).map(({ module, name }) => `${module}.${name}`);

describe('sweepImports', () => {
  it('lists imports without following the stream', () => {
    const bytes = asm.bytesOf(
      asm.reduce,
      asm.global('os', 'system'),
      asm.op('BINGET', 9),
      asm.op('INST', 'pty\nspawn\n'),
      asm.stackGlobal('a', 'b'),
      '.',
    );
    assert.deepEqual(names(bytes), ['os.system', 'pty.spawn', 'a.b']);
  });

  it('does not guess names that were not seen', () => {
    assert.deepEqual(names(asm.bytesOf(asm.op('STACK_GLOBAL'), '.')), ['(computed).(computed)']);
  });

  it('ends at STOP, at bytes that are no opcode and at the end', () => {
    assert.deepEqual(names(asm.bytesOf('.', asm.global('os', 'system'))), []);
    assert.deepEqual(names(asm.bytesOf(0xff, asm.global('os', 'system'))), []);
    assert.deepEqual(names(asm.bytesOf('N', asm.global('os', 'system')), 1), ['os.system']);
  });
});
