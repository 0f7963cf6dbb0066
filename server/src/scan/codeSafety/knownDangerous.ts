/**
 * Callables and modules that run code, reach files, processes or the network, or hand out arbitrary attributes. Such a
 * list is never complete, which is why everything that is not known to be safe is reported as well.
 */

interface DangerousGroup {
  readonly reason: string;
  /** Modules with everything in and below them. */
  readonly modules?: string;
  /** Modules of Python without submodules, whose names people also give to packages of their own. */
  readonly exactModules?: string;
  /** Single callables. */
  readonly paths?: string;
}

const groups: readonly DangerousGroup[] = [
  {
    reason: 'runs programs or commands of the operating system',
    modules: `os posix nt subprocess _posixsubprocess _winapi pty popen2 multiprocessing _multiprocessing asyncio
      concurrent.futures pexpect plumbum fabric paramiko win32api win32com _osx_support _aix_support _pyrepl
      pip ensurepip venv setuptools pkg_resources distutils numpy.distutils test.support
      torch.multiprocessing torch.distributed.rpc torch.distributed.elastic torch.distributed.launcher
      torch.distributed.launch torch.distributed.run torch.distributed.nn torch.utils.collect_env
      torch.utils.cpp_extension torch.utils.hipify torch._inductor mailcap tkinter _tkinter turtle
      joblib.externals joblib.parallel _interpreters _xxsubinterpreters concurrent.interpreters dgl.distributed`,
    exactModules: 'sh invoke platform',
    paths: `imaplib.IMAP4_stream uuid._get_command_stdout uuid._arp_getnode uuid._ifconfig_getnode uuid._ip_getnode
      uuid._lanscan_getnode uuid._netstat_getnode uuid._find_mac_near_keyword uuid._find_mac_under_heading uuid.getnode
      uuid.uuid1 ctypes.util._findLib_gcc`,
  },
  {
    reason: 'runs or builds Python code',
    modules: `codeop runpy importlib _frozen_importlib _frozen_importlib_external _imp imp pkgutil zipimport marshal
      timeit cProfile _lsprof pdb bdb doctest pydoc idlelib lib2to3 unittest pytest _pytest py_compile compileall sched
      atexit threading _thread faulthandler cgitb site sitecustomize usercustomize gc IPython ipykernel numba llvmlite
      Cython pyximport sympy.parsing sympy.core.sympify sympy.utilities jinja2 mako execnet numpy.f2py numpy.testing
      torch._dynamo torch.fx.graph_module torch.fx.experimental torch.fx.interpreter torch.fx._symbolic_trace
      torch.package torch.testing torch.utils.bottleneck torch.utils.benchmark torch.utils.data.datapipes
      torch.utils._config_module torch.jit.unsupported_tensor_ops torch.hub torch._ops rlcompleter
      torch_geometric.template torch_geometric.inspector.Inspector.eval_type pandas.core.computation
      numpy.distutils.exec_command`,
    exactModules: 'code profile trace types signal',
    paths: `builtins.eval builtins.exec builtins.execfile builtins.compile builtins.apply builtins.__import__
      builtins.breakpoint builtins.help builtins.__build_class__ weakref.finalize torch.compile
      pandas.eval pandas.DataFrame.eval pandas.DataFrame.query sympy.sympify sympy.lambdify dataclasses.make_dataclass
      dataclasses._create_fn typing.get_type_hints typing._eval_type 
      typing.ForwardRef._evaluate torch.jit.CompilationUnit torch.jit._script.script inspect.getattr_static
      contextlib.ExitStack.callback`,
  },
  {
    reason: 'hands out any attribute of any object, and with it any function',
    paths: `builtins.getattr builtins.setattr builtins.delattr builtins.globals builtins.locals builtins.vars
      operator.attrgetter operator.methodcaller operator.itemgetter
      _operator.attrgetter _operator.methodcaller _operator.itemgetter`,
  },
  {
    reason: 'changes the running Python interpreter or calls native code',
    modules:
      'sys ctypes _ctypes cffi _cffi_backend numpy.ctypeslib mmap _testcapi _testinternalcapi winreg _winreg msvcrt',
    paths: `copyreg.add_extension copyreg.remove_extension copyreg.pickle copyreg.dispatch_table
      torch.ops.load_library torch.classes.load_library`,
  },
  {
    reason: 'unpickles other data, which can run anything',
    modules: `pickle _pickle dill cloudpickle shelve jsonpickle yaml ruamel pandas.io pandas.compat.pickle_compat
      torch.serialization torch.jit._serialization torch.export torch._export torch.distributed.checkpoint
      torch.utils.show_pickle torch.utils.model_zoo torch_geometric.io joblib.memory joblib.numpy_pickle_compat
      keras.saving keras.src.saving dgl.data.utils`,
    paths: `torch.load torch.jit.load torch.save joblib.load joblib.numpy_pickle.load
      joblib.numpy_pickle.NumpyUnpickler keras.models.load_model tensorflow.keras.models.load_model dgl.load_graphs
      numpy.load
      numpy.lib.npyio.load numpy.lib._npyio_impl.load numpy.lib.format.read_array pandas.read_pickle`,
  },
  {
    reason: 'reads, writes or deletes files',
    modules: `shutil tempfile io _io _pyio fileinput linecache glob zipfile tarfile gzip bz2 lzma sqlite3 dbm mailbox
      netrc pathlib fcntl logging.config logging.handlers _sqlite3 syslog filecmp readline gettext configparser
      numpy.lib._datasource joblib.numpy_pickle_utils tensorflow.io torch.onnx torch.utils.tensorboard
      torch.utils.file_baton scipy.io`,
    paths: `builtins.open builtins.file builtins.input logging.FileHandler logging.basicConfig numpy.DataSource
      numpy.lib.npyio.DataSource numpy.lib.format.open_memmap numpy.ndarray.tofile numpy.ndarray.dump
      xml.etree.ElementTree.parse numpy.fromfile numpy.memmap numpy.loadtxt
      numpy.genfromtxt numpy.save numpy.savez numpy.savetxt numpy.fromregex numpy.core.records.fromfile
      torch.from_file torch._C._VariableFunctions.from_file tensorflow.raw_ops.ReadFile tensorflow.raw_ops.WriteFile`,
  },
  {
    reason: 'opens network connections',
    modules: `socket _socket ssl _ssl socketserver selectors http urllib urllib3 ftplib smtplib poplib imaplib nntplib
      telnetlib xmlrpc wsgiref requests httpx aiohttp websocket websockets dns boto3 botocore webbrowser antigravity
      pycurl tornado twisted asyncore asynchat smtpd torch_geometric.data.download torch_geometric.data.extract
      keras.utils keras.src.utils`,
    exactModules: 'select',
  },
  {
    reason: 'belongs to a scanner of model files, which it may change or switch off',
    modules: 'picklescan modelscan fickling modelaudit saferpickle model_unpickler',
  },
  {
    reason: 'switches off what keeps Keras from running the code of a model file',
    modules: 'keras.config keras.src.config',
  },
  {
    reason: 'decodes hidden text while loading, which serves to disguise what a file does',
    modules: 'codecs base64 binascii zlib encodings',
    paths: '_codecs.decode _codecs.lookup _codecs.register _codecs.charmap_decode _codecs.escape_decode',
  },
];

const collect = (pick: (group: DangerousGroup) => string | undefined): ReadonlyMap<string, string> =>
  new Map(groups.flatMap((group) => (pick(group)?.split(/\s+/) ?? []).map((path) => [path, group.reason] as const)));

const modules = collect((group) => group.modules);
const exactModules = collect((group) => group.exactModules);
const paths = collect((group) => group.paths);

/**
 * Modules (also as `_os`, the way the standard library imports them) and attributes that must not be reached through
 * another module either, as in `torch.serialization` `os.system`.
 */
const reachable = new Set(
  `os posix nt sys subprocess builtins importlib runpy pty shutil socket ctypes pickle marshal __builtins__ __globals__
  __dict__ __class__ __bases__ __mro__ __subclasses__ __getattribute__ __init__ __import__ __code__ __closure__
  __reduce__ __reduce_ex__ __loader__ __spec__ from_file`.split(/\s+/),
);

/** Why `path`, a full dotted name in `module`, is dangerous, or undefined where it is not known to be. */
export function dangerousReason(module: string, path: string): string | undefined {
  const exact = paths.get(path) ?? exactModules.get(module);
  if (exact !== undefined) return exact;
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length--) {
    const reason = modules.get(parts.slice(0, length).join('.'));
    if (reason !== undefined) return reason;
  }
  const through = parts.slice(1).find((part) => reachable.has(part) || reachable.has(part.replace(/^_+/, '')));
  return through === undefined ? undefined : `reaches ${through} through another module`;
}
