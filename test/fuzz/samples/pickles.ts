import { readZip } from '../../../server/src/checkpoint/zip/readZip';
import * as asm from '../../unit/checkpoint/pickleAssembler';
import { samples } from './files';

/** Streams: of real checkpoints, all by themselves, and malicious ones, written opcode by opcode. */
export function pickleSamples(): Uint8Array[] {
  const archives = samples('pytorch', /\.pt$/).filter((bytes) => bytes[0] === 0x50);
  const streams = archives.flatMap((bytes) =>
    readZip(bytes, 'sample')
      .entries.filter(({ name }) => name.endsWith('.pkl'))
      .map(({ data }) => Uint8Array.from(data)),
  );
  return [...streams, ...samples('pytorch', /\.pkl$/), ...maliciousStreams()];
}

function maliciousStreams(): Uint8Array[] {
  const getattr = asm.bytesOf(asm.stackGlobal('builtins', 'getattr'), asm.global('os', 'path'), asm.text('system'));
  return [
    asm.systemCall,
    asm.stream(getattr, asm.op('TUPLE2'), asm.reduce, asm.text('echo'), asm.op('TUPLE1'), asm.reduce),
    asm.stream(asm.binaryBytes(asm.systemCall)),
    asm.stream(asm.text(Buffer.from(asm.systemCall).toString('base64'))),
    asm.stream(asm.mark, asm.text('echo'), asm.op('INST', 'os\nsystem\n')),
    asm.stream(asm.op('EXT1', 7), asm.emptyTuple, asm.reduce),
    asm.stream(asm.text('os system'), asm.op('BINPERSID')),
    asm.bytesOf(asm.callWithText('os', 'system', 'echo'), 'broken'),
    asm.bytesOf(asm.stream(asm.op('NONE')), asm.systemCall),
    asm.bytesOf('cos\nsystem\n(S', "'echo'\ntR."),
    // So long that they are not read with their opcode where a stream is read by ranges.
    asm.stream(asm.binaryBytes(Buffer.concat([asm.systemCall, Buffer.alloc(5000)])), asm.global('a', 'b')),
    asm.stream(asm.binaryBytes(Buffer.from(Buffer.alloc(3000, asm.systemCall).toString('base64')))),
  ];
}
