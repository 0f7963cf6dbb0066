/** What the output of npm tells about its failure, the first that fits. */
const explanations: readonly (readonly [RegExp, string])[] = [
  [/ENOSPC|no space left/i, 'the disk is full'],
  [/EACCES|EPERM|permission denied/i, 'a file may not be written'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i,
    "a server could not be reached: the packages come from the npm registry, the TensorFlow library from the TensorFlow project's storage at Google. Behind a proxy, set HTTPS_PROXY",
  ],
  [
    /CERT_|self.signed certificate|unable to (?:get|verify).*certificate/i,
    'the certificate of a server was not accepted',
  ],
  [/\bE404\b|404 Not Found/, 'a package was not found in the npm registry that your npm is set to use'],
  [/Unsupported system/, 'there is no TensorFlow library for this system'],
  [
    /gyp ERR!|node-pre-gyp/,
    'there is no built addon for this system and building one failed: that takes Python and a C++ compiler',
  ],
];

/**
 * Why an installation failed, as a clause.
 *
 * @param output what npm and the install scripts wrote, line by line
 */
export function npmFailure(exitCode: number | null, output: readonly string[]): string {
  const text = output.join('\n');
  const known = explanations.find(([pattern]) => pattern.test(text));
  return known?.[1] ?? `npm ended with ${exitCode === null ? 'a signal' : `exit code ${exitCode}`}`;
}
