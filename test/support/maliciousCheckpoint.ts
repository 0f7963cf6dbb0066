import { writeZip } from '../../server/src/checkpoint/zip/writeZip';

/** What the checkpoint would run, were it ever unpickled: harmless, and visible in a finding. */
const maliciousCommand = 'echo graphnad-test-payload';

/**
 * A checkpoint whose pickle calls `os.system`, in the container that PyTorch writes.
 * Equivalent to pickling an object whose `__reduce__` returns `(os.system, (maliciousCommand,))` in protocol 2.
 */
export function maliciousCheckpoint(): Uint8Array {
  return checkpointCalling('os', 'system');
}

/** The same with any callable, which gets the command as its argument. */
export function checkpointCalling(module: string, name: string): Uint8Array {
  const command = Buffer.from(maliciousCommand);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(command.length);
  const pickle = Buffer.concat([
    Buffer.from(`\x80\x02c${module}\n${name}\nX`, 'latin1'), // PROTO 2, GLOBAL, BINUNICODE
    length,
    command,
    Buffer.from('\x85R.', 'latin1'), // TUPLE1, REDUCE, STOP
  ]);
  return writeZip([
    { name: 'malicious/data.pkl', data: pickle },
    { name: 'malicious/version', data: Buffer.from('3\n') },
  ]);
}
