/** Callables by which scanners were passed, each with the advisory that tells of it, and those that peers list. */

import * as asm from '../../unit/checkpoint/pickleAssembler';
import type { MaliciousSample } from './sample';
import { command } from './sample';

/** `module name advisory`, a line each. The advisory is that of picklescan where nothing else is said. */
const known = `
os system
posix system
nt system
subprocess Popen
subprocess check_output
builtins eval
builtins exec
builtins compile
builtins open
builtins getattr
builtins __import__
builtins breakpoint
__builtin__ eval
__builtin__ execfile
__builtin__ apply
commands getoutput
sys modules
pty spawn GHSA-r7v6-mfhq-g3m2 (fickling)
marshal loads GHSA-565g-hwwr-4pp3 (fickling)
types FunctionType GHSA-565g-hwwr-4pp3 (fickling)
types CodeType
importlib import_module
importlib.util spec_from_file_location
runpy run_path
runpy _run_code
code InteractiveInterpreter.runcode
socket socket
shutil rmtree
ctypes CDLL CVE-2026-22608 (fickling)
pydoc locate CVE-2026-22608 (fickling)
pydoc pipepager
pickle loads
_pickle loads
dill loads
cloudpickle.cloudpickle _make_function
cloudpickle.cloudpickle subimport
joblib load
shelve open
operator attrgetter GHSA-m273-6v24-x4m4
operator methodcaller
operator itemgetter
_operator attrgetter GHSA-955r-x9j8-7rhh
_operator methodcaller
_operator itemgetter GHSA-46h3-79wf-xr6c
pkgutil resolve_name GHSA-vvpj-8cmc-gx39
pip main CVE-2025-1716
timeit timeit GHSA-v7x6-rv5q-mhwc
ensurepip _run_pip GHSA-xp4f-hrf8-rxw7
venv create
bdb Bdb.run
pdb run
doctest debug_script GHSA-fqq6-7vqf-w3fg
cProfile run
cProfile runctx GHSA-9w88-8rmg-7g2p
profile Profile.run GHSA-x696-vm39-cp64
profile Profile.runctx GHSA-6vqj-c2q5-j97w
profile run GHSA-7wx9-6375-f5wh
trace Trace.run GHSA-5qwp-399c-mjwf
trace Trace.runctx GHSA-g344-hcph-8vgg
idlelib.run Executive.runcode GHSA-m869-42cg-3xwr
idlelib.pyshell ModifiedInterpreter.runcode GHSA-3gf5-cxq9-w223
idlelib.pyshell ModifiedInterpreter.runcommand GHSA-j343-8v2j-ff7w
idlelib.autocomplete AutoComplete.get_entity GHSA-6w4w-5w54-rjvr
idlelib.autocomplete AutoComplete.fetch_completions GHSA-7cq8-mj8x-j263
idlelib.calltip Calltip.fetch_tip
idlelib.calltip get_entity
idlelib.debugobj ObjectTreeItem.SetText GHSA-3vg9-h568-4w9m
lib2to3.pgen2.grammar Grammar.loads GHSA-f54q-57x4-jg88
lib2to3.pgen2.pgen ParserGenerator.make_label GHSA-p9w7-82w4-7q8m
torch.utils.bottleneck.__main__ run_cprofile
torch.utils.bottleneck.__main__ run_autograd_prof GHSA-4whj-rm5r-c2v8
torch._dynamo.guards GuardBuilder.get
torch._inductor.codecache compile_file
torch.fx.experimental.symbolic_shapes ShapeEnv.evaluate_guards_expression
torch.jit.unsupported_tensor_ops execWrapper
torch.serialization load
torch load
torch.hub load
torch.utils._config_module ConfigModule.load_config
torch.utils.collect_env run
torch.utils.data.datapipes.utils.decoder basichandlers
torch.fx.graph_module reduce_graph_module
numpy.f2py.crackfortran getlincoef
numpy.f2py.crackfortran _eval_length
numpy.testing._private.utils runstring
numpy __builtins__.exec
numpy.distutils.exec_command exec_command
distutils.file_util write_file
asyncio.unix_events _UnixSubprocessTransport._start CVE-2025-10157
asyncio run
multiprocessing.util spawnv_passfds
aiohttp request
httplib HTTPSConnection
http.client HTTPSConnection
requests.api get
urllib.request urlopen
ssl get_server_certificate
imaplib IMAP4_stream CVE-2026-56315
uuid _get_command_stdout CVE-2026-56315
_osx_support _read_output CVE-2026-56315
_aix_support _read_cmd_output CVE-2026-56315
_pyrepl.pager pipe_pager CVE-2026-56315
test.support.script_helper assert_python_ok
logging FileHandler CVE-2026-56304
_io FileIO
io FileIO
io open
tempfile NamedTemporaryFile
sqlite3 connect
webbrowser open
_interpreters run_string GHSA-6ggj-6f2q-f7mx (fickling)
_xxsubinterpreters run_string GHSA-6ggj-6f2q-f7mx (fickling)
atexit register
signal signal
threading Thread
weakref finalize
rlcompleter Completer.attr_matches
tkinter Tcl
typing get_type_hints
dataclasses make_dataclass
mailcap findmatch
copyreg add_extension
codecs decode
yaml unsafe_load
pandas read_pickle
pandas eval
jinja2 Template
torch_geometric.template module_from_template
torch_geometric.io fs.torch_load
keras.config enable_unsafe_deserialization CVE-2025-9906 (Keras)
fickling.hook activate_safe_ml_environment
picklescan.scanner scan_pickle_bytes
`;

export const callableSamples: readonly MaliciousSample[] = known
  .trim()
  .split('\n')
  .map((line): MaliciousSample => {
    const [module, name, ...advisory] = line.split(' ');
    const path = `${module}.${name}`;
    return {
      id: `calls-${path}`,
      title: `calls ${path}`,
      source: advisory.length > 0 ? advisory.join(' ') : undefined,
      fileName: 'model.pkl',
      bytes: asm.stream(asm.bytesOf(asm.stackGlobal(module, name), asm.text(command), asm.op('TUPLE1'), asm.reduce)),
      finds: new RegExp(`runs ${path.replace(/[.()]/g, '\\$&')}\\("echo graphnad"\\)`),
      level: 'dangerous',
    };
  });
