import assert from 'node:assert/strict';
import { npmFailure } from '../../../../client/tensorflow/npmFailure';

/** What npm and the install scripts of TensorFlow for Node.js wrote, and what it comes to. */
const cases: readonly [what: string, output: readonly string[], reason: RegExp][] = [
  [
    'no way to the TensorFlow library',
    [
      '> node scripts/install.js',
      'CPU-linux-4.22.0.tar.gz',
      '* Downloading libtensorflow',
      'Error: getaddrinfo ENOTFOUND storage.example',
      'npm error code 1',
      'npm error command sh -c node scripts/install.js',
    ],
    /could not be reached.*HTTPS_PROXY/,
  ],
  ['no way to the registry', ['npm error code ECONNREFUSED', 'npm error syscall connect'], /could not be reached/],
  ['a full disk', ['npm error code ENOSPC', 'npm error syscall write'], /disk is full/],
  ['a folder that may not be written', ['npm error code EACCES'], /may not be written/],
  ['a certificate of a company', ['npm error code SELF_SIGNED_CERT_IN_CHAIN'], /certificate/],
  ['a registry without the package', ['npm error code E404', 'npm error 404 Not Found - GET'], /was not found/],
  ['a system without TensorFlow', ['Error: Unsupported system: cpu-darwin-arm64'], /no TensorFlow library/],
  [
    'no compiler',
    ['node-pre-gyp install failed with error: Error: Command failed', 'gyp ERR! find Python'],
    /Python and a C\+\+ compiler/,
  ],
];

describe('npmFailure', () => {
  for (const [what, output, reason] of cases) {
    it(`explains ${what}`, () => assert.match(npmFailure(1, output), reason));
  }

  it('names the exit code of what it does not know', () => {
    assert.equal(npmFailure(7, ['something else']), 'npm ended with exit code 7');
    assert.equal(npmFailure(null, []), 'npm ended with a signal');
  });
});
