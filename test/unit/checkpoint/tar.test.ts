import assert from 'node:assert/strict';
import { CheckpointError } from '../../../server/src/checkpoint/checkpoint';
import { looksLikeTar, readTar } from '../../../server/src/checkpoint/tar';

function header(name: string, size: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write(size, 124);
  block.fill(' ', 148, 156);
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return block;
}

describe('readTar', () => {
  const archive = Buffer.concat([
    header('storages', '00000000003'),
    Buffer.from('abc'.padEnd(512, '\0')),
    header('pickle', '00000001000'),
    Buffer.alloc(512, 'p'),
    Buffer.alloc(1024),
  ]);

  it('gives names and bytes of members', () => {
    assert.equal(looksLikeTar(archive), true);
    assert.deepEqual(
      readTar(archive, 'f').map(({ name, data }) => [name, data.length]),
      [
        ['storages', 3],
        ['pickle', 512],
      ],
    );
  });

  it('refuses damaged and cut headers', () => {
    const damaged = Buffer.from(archive);
    damaged[1024] ^= 1;
    assert.throws(() => readTar(damaged, 'f'), CheckpointError);
    assert.throws(() => readTar(header('x', '77777777777'), 'f'), CheckpointError);
    assert.throws(() => readTar(header('x', 'not octal'), 'f'), CheckpointError);
  });

  it('takes nothing else for tar', () => {
    assert.equal(looksLikeTar(Buffer.alloc(512)), false);
    assert.equal(looksLikeTar(Buffer.alloc(100, 'a')), false);
    assert.equal(looksLikeTar(Buffer.alloc(512, 'a')), false);
  });
});
