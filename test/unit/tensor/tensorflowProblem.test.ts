import assert from 'node:assert/strict';
import {
  gpuMissing,
  loadProblem,
  missingLibraries,
  notInstalled,
  versionProblem,
} from '../../../server/src/tensor/tensorflowProblem';

const cpu = { name: '@tensorflow/tfjs-node', version: '4.22.0', from: '/modules/any.js' };
const gpu = { ...cpu, name: '@tensorflow/tfjs-node-gpu' };

describe('notInstalled', () => {
  it('tells how to install it, and where it was looked for', () => {
    const text = notInstalled('linux', ['/storage', '/program']);
    assert.match(text, /not installed.*Install the TensorFlow Backend.*npm install --global @tensorflow\/tfjs-node"/);
    assert.match(text, /tfjs-node-gpu.*\/storage, \/program$/);
  });

  it('offers no GPU package on macOS', () => {
    assert.doesNotMatch(notInstalled('darwin', ['/storage']), /gpu/i);
  });
});

describe('versionProblem', () => {
  it('has nothing against Node.js up to 22', () => {
    for (const node of ['20.19.0', '22.12.0']) assert.equal(versionProblem(cpu, node), undefined);
  });

  it('refuses Node.js from 23 on and names the way out', () => {
    for (const node of ['23.0.0', '24.11.1', '26.8.1']) {
      const text = versionProblem(cpu, node);
      assert.match(text ?? '', /4\.22\.0 does not run on Node\.js 23 or later/);
      assert.match(text ?? '', new RegExp(`this is Node\\.js ${node}.*20 or 22.*graphnad\\.server\\.runtime`));
    }
  });

  it('leaves releases to come to themselves', () => {
    assert.equal(versionProblem({ ...cpu, version: '4.23.0' }, '24.11.1'), undefined);
  });

  it('refuses other major releases', () => {
    assert.match(versionProblem({ ...cpu, version: '3.21.1' }, '20.19.0') ?? '', /3\.21\.1 does not fit.*@4\.22\.0/);
  });
});

describe('loadProblem', () => {
  const addon = '/app/node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node';
  /** What people met, word by word. */
  const cases: readonly [what: string, error: string, explanation: RegExp][] = [
    [
      'an addon that was never built',
      `The Node.js native addon module (tfjs_binding.node) can not be found at path: ${addon}. \n` +
        "Please run command 'npm rebuild @tensorflow/tfjs-node --build-addon-from-source' to rebuild the native addon module.",
      /native part is missing.*for another Node\.js than v20\.1\.0; install @tensorflow\/tfjs-node again/,
    ],
    ['an addon that is gone', `Cannot find module '${addon}'`, /native part is missing/],
    [
      'an addon built for another Node.js',
      `The module '${addon}'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 72. ` +
        'This version of Node.js requires\nNODE_MODULE_VERSION 115. Please try re-compiling or re-installing',
      /built for another Node\.js than v20\.1\.0; run "npm rebuild @tensorflow\/tfjs-node --build-addon-from-source"/,
    ],
    [
      'CUDA 11 that is not there',
      'libcudart.so.11.0: cannot open shared object file: No such file or directory',
      /libcudart\.so\.11\.0 of CUDA 11.*not found; install them, or use @tensorflow\/tfjs-node/,
    ],
    [
      'Alpine Linux',
      'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by ' +
        '/usr/app/node_modules/@tensorflow/tfjs-node/lib/napi-v8/../../deps/lib/libtensorflow.so.2)',
      /GNU C library/,
    ],
    [
      'Alpine Linux with a part of what is needed',
      'Error relocating /home/app/node_modules/@tensorflow/tfjs-node/build/Release/libtensorflow.so: __memcpy_chk: symbol not found',
      /GNU C library/,
    ],
    [
      'an old Linux',
      "/lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.27' not found (required by /app/libtensorflow.so.2)",
      /too old for it: GLIBC_2\.27 is needed/,
    ],
    [
      'an addon of another processor, on macOS',
      `dlopen(${addon}, 0x0001): tried: '${addon}' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))`,
      /another processor or system/,
    ],
    ['an addon of another system, on Linux', `${addon}: invalid ELF header`, /another processor or system/],
    [
      'an addon of another system, on Windows',
      `\\\\?\\C:\\app\\tfjs_binding.node is not a valid Win32 application.`,
      /another processor or system/,
    ],
    [
      'a TensorFlow library that was not downloaded, on Linux',
      'libtensorflow.so.2: cannot open shared object file: No such file or directory',
      /library that its install script downloads is missing/,
    ],
    [
      'a TensorFlow library that was not downloaded, on macOS',
      `dlopen(${addon}, 1): Library not loaded: @rpath/libtensorflow.2.dylib\n  Referenced from: ${addon}\n  Reason: image not found`,
      /library that its install script downloads is missing/,
    ],
    [
      'a TensorFlow library in the wrong place, on Windows',
      'The specified module could not be found.\n\\\\?\\C:\\app\\node_modules\\@tensorflow\\tfjs-node\\lib\\napi-v8\\tfjs_binding.node',
      /tensorflow\.dll is not beside its native part; copy it there from the package's folder deps\\lib/,
    ],
    ['Node.js 23', '(0 , util_1.isNullOrUndefined) is not a function', /does not run on Node\.js v20\.1\.0/],
    [
      'a dependency that is missing',
      "Cannot find module '@mapbox/node-pre-gyp'\nRequire stack:\n- /app/node_modules/@tensorflow/tfjs-node/dist/index.js",
      /the package @mapbox\/node-pre-gyp that it needs is missing/,
    ],
  ];
  for (const [what, error, explanation] of cases) {
    it(`explains ${what}`, () => {
      const text = loadProblem(cpu, new Error(error), 'v20.1.0');
      assert.match(text, /^@tensorflow\/tfjs-node could not be loaded: /);
      assert.match(text, explanation);
      assert.ok(text.endsWith(`(${error.split('\n')[0]})`), text);
    });
  }

  it('repeats the first line of what it does not know', () => {
    const text = loadProblem(gpu, new Error('Could not initialize TensorFlow backend.\nmore'), 'v20.1.0');
    assert.equal(text, '@tensorflow/tfjs-node-gpu could not be loaded: Could not initialize TensorFlow backend.');
    assert.match(loadProblem(gpu, 'a text', 'v20.1.0'), /could not be loaded: a text$/);
  });
});

describe('missingLibraries', () => {
  it('asks for CUDA 11 and cuDNN 8 by the names of the system', () => {
    const has = (library: string): boolean => !/cudart|cudnn/.test(library);
    assert.deepEqual(missingLibraries('linux', has), ['libcudart.so.11.0', 'libcudnn.so.8']);
    assert.deepEqual(missingLibraries('win32', has), ['cudart64_110.dll', 'cudnn64_8.dll']);
    assert.deepEqual(
      missingLibraries('darwin', () => false),
      [],
    );
  });
});

describe('gpuMissing', () => {
  it('tells why the GPU package runs on the CPU', () => {
    assert.match(gpuMissing('darwin', []), /on the CPU, although.*on Linux and Windows only$/);
    assert.match(gpuMissing('linux', []), /found no NVIDIA GPU/);
    assert.match(gpuMissing('linux', ['libcudart.so.11.0']), /libcudart\.so\.11\.0 was not found.*CUDA 11 and cuDNN 8/);
    assert.match(gpuMissing('linux', ['a', 'b']), /a, b were not found/);
  });
});
