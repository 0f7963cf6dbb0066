/** What stands in the way of TensorFlow for Node.js, in words that say what to do about it. */

/** An installed package. */
export interface TensorFlowPackage {
  readonly name: string;
  readonly version: string;
  /** File it is resolved from. */
  readonly from: string;
}

/** The release of the packages that all of this is about, the last there is. */
const lastRelease = '4.22.0';
/** Node.js took the functions away that release 4.22 calls. */
const firstUnsupportedNode = 23;

const howToInstall =
  'In VS Code run "GraphNAD: Install the TensorFlow Backend"; for the command line run "npm install --global';

/** @param folders where it was looked for */
export function notInstalled(platform: NodeJS.Platform, folders: readonly string[]): string {
  const gpu = platform === 'darwin' ? '' : ' (with an NVIDIA GPU and CUDA 11: @tensorflow/tfjs-node-gpu)';
  return `TensorFlow for Node.js is not installed. ${howToInstall} @tensorflow/tfjs-node"${gpu}. Looked for it from ${folders.join(', ')}`;
}

/** @returns why these versions do not go together; undefined where they do */
export function versionProblem({ name, version }: TensorFlowPackage, nodeVersion: string): string | undefined {
  const [major, minor] = version.split('.').map(Number);
  if (major !== 4) return `${name} ${version} does not fit: release 4 is needed (${name}@${lastRelease})`;
  if (minor > 22 || Number(nodeVersion.split('.')[0]) < firstUnsupportedNode) return undefined;
  return (
    `${name} ${version} does not run on Node.js ${firstUnsupportedNode} or later, and this is Node.js ${nodeVersion}. ` +
    'Name a Node.js 20 or 22 in the setting graphnad.server.runtime, or run the command graphnad with one'
  );
}

/**
 * Explains why a package could not be loaded.
 *
 * @param error what loading it threw
 */
export function loadProblem({ name }: TensorFlowPackage, error: unknown, nodeVersion: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const [first] = text.split('\n', 1);
  const known = explanations.find(({ pattern }) => pattern.test(text));
  if (!known) return `${name} could not be loaded: ${first}`;
  return `${name} could not be loaded: ${known.explain(name, nodeVersion, known.pattern.exec(text)?.[1] ?? '')} (${first})`;
}

interface Explanation {
  readonly pattern: RegExp;
  readonly explain: (name: string, nodeVersion: string, found: string) => string;
}

const reinstall = (name: string): string => `install ${name} again, with its install script and network access`;

/** The first that fits counts. The wordings are those of Node.js, the loaders of Linux, macOS and Windows, and tfjs-node. */
const explanations: readonly Explanation[] = [
  {
    pattern: /addon module \(tfjs_binding\.node\) can not\s+be found|Cannot find module '[^']*tfjs_binding\.node'/,
    explain: (name, nodeVersion) =>
      `its native part is missing: its install script did not run, failed, or ran for another Node.js than ${nodeVersion}; ${reinstall(name)}`,
  },
  {
    pattern: /NODE_MODULE_VERSION (\d+)/,
    explain: (name, nodeVersion) =>
      `its native part was built for another Node.js than ${nodeVersion}; run "npm rebuild ${name} --build-addon-from-source" with this one`,
  },
  {
    pattern: /(lib(?:cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|cudnn)\.so\.[\d.]+): cannot open shared/,
    explain: (_name, _nodeVersion, library) =>
      `${library} of CUDA 11 and cuDNN 8 was not found; install them, or use @tensorflow/tfjs-node, which needs no GPU`,
  },
  {
    pattern: /ld-linux[^:]*: No such file|Error relocating .*symbol not found/,
    explain: () => 'it needs the GNU C library, which this system (Alpine Linux?) does not have',
  },
  {
    pattern: /version [`'](GLIBC(?:XX)?_[\d.]+)' not found/,
    explain: (_name, _nodeVersion, version) => `this system is too old for it: ${version} is needed`,
  },
  {
    pattern: /invalid ELF header|wrong ELF class|incompatible architecture|not a valid Win32 application/,
    explain: (name) => `it was installed for another processor or system; ${reinstall(name)} on this machine`,
  },
  {
    pattern: /libtensorflow[\w.]*: (?:cannot open shared|No such file)|Library not loaded: \S*libtensorflow/,
    explain: (name) => `the TensorFlow library that its install script downloads is missing; ${reinstall(name)}`,
  },
  {
    pattern: /The specified module could not be found/,
    explain: (name) =>
      `tensorflow.dll is not beside its native part; copy it there from the package's folder deps\\lib, or ${reinstall(name)}`,
  },
  {
    pattern: /util_1\.is\w+\)? is not a function/,
    explain: (_name, nodeVersion) => `it does not run on Node.js ${nodeVersion}; use Node.js 20 or 22`,
  },
  {
    pattern: /Cannot find (?:module|package) '([^']+)'/,
    explain: (name, _nodeVersion, module) => `the package ${module} that it needs is missing; ${reinstall(name)}`,
  },
];

/** What `@tensorflow/tfjs-node-gpu` 4.22 opens at run time: CUDA 11 and cuDNN 8, and the driver. */
const gpuLibraries: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['libcuda.so.1', 'libcudart.so.11.0', 'libcublas.so.11', 'libcublasLt.so.11', 'libcufft.so.10'].concat([
    'libcurand.so.10',
    'libcusolver.so.11',
    'libcusparse.so.11',
    'libcudnn.so.8',
  ]),
  win32: ['nvcuda.dll', 'cudart64_110.dll', 'cublas64_11.dll', 'cublasLt64_11.dll', 'cufft64_10.dll'].concat([
    'curand64_10.dll',
    'cusolver64_11.dll',
    'cusparse64_11.dll',
    'cudnn64_8.dll',
  ]),
};

/** The libraries TensorFlow needs for a GPU that the system's loader does not find. */
export function missingLibraries(platform: NodeJS.Platform, canOpen: (library: string) => boolean): string[] {
  return (gpuLibraries[platform] ?? []).filter((library) => !canOpen(library));
}

/** Says that the GPU package found no GPU, and why. @param missing libraries that were not found */
export function gpuMissing(platform: NodeJS.Platform, missing: readonly string[]): string {
  const start = 'TensorFlow runs on the CPU, although @tensorflow/tfjs-node-gpu is installed:';
  if (gpuLibraries[platform] === undefined) return `${start} it uses NVIDIA GPUs on Linux and Windows only`;
  if (missing.length === 0) return `${start} it found no NVIDIA GPU that it can use`;
  return `${start} ${missing.join(', ')} ${missing.length === 1 ? 'was' : 'were'} not found (it needs CUDA 11 and cuDNN 8, and an NVIDIA driver)`;
}
