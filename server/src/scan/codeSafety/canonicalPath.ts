/** One name for each callable, whatever Python version or PyTorch release wrote the file. */

/** Modules that Python 3 renames when it loads pickles of protocol 2 and below (`_compat_pickle.IMPORT_MAPPING`). */
const renamedModules: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  exceptions: 'builtins',
  copy_reg: 'copyreg',
  cPickle: 'pickle',
  commands: 'subprocess',
  UserDict: 'collections',
  UserList: 'collections',
  UserString: 'collections',
  thread: '_thread',
  dummy_thread: '_thread',
  httplib: 'http.client',
  urllib2: 'urllib.request',
  SocketServer: 'socketserver',
  SimpleHTTPServer: 'http.server',
  xmlrpclib: 'xmlrpc.client',
  repr: 'reprlib',
  // PyTorch's own (torch/serialization.py, `load_module_mapping`).
  'torch.tensor': 'torch._tensor',
};

/** Names that changed on their own (`_compat_pickle.NAME_MAPPING`). */
const renamedNames: Readonly<Record<string, string>> = {
  'builtins.unicode': 'builtins.str',
  'builtins.long': 'builtins.int',
  'builtins.xrange': 'builtins.range',
  'builtins.reduce': 'functools.reduce',
  'builtins.intern': 'sys.intern',
  'builtins.raw_input': 'builtins.input',
  'builtins.imap': 'builtins.map',
  'builtins.ifilter': 'builtins.filter',
};

/** Module and full path `module.name` under their present names. */
export function canonicalPath(module: string, name: string): { module: string; path: string } {
  const present = Object.hasOwn(renamedModules, module) ? renamedModules[module] : module;
  const path = `${present}.${name}`;
  return { module: present, path: Object.hasOwn(renamedNames, path) ? renamedNames[path] : path };
}
