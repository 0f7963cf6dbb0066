/** Plug-ins for esbuild that keep the server and the command line quick to load. */

/**
 * Leaves libraries out of the bundles that import them: they are a bundle of their own, beside them, that is loaded with
 * the first module that needs one.
 *
 * @param {string} bundle its name, without the extension
 * @param {readonly string[]} libraries that it exports
 * @returns {import('esbuild').Plugin}
 */
export function librariesApart(bundle, libraries) {
  return {
    name: `libraries-apart-${bundle}`,
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path }) =>
        libraries.includes(path) ? { path: `./${bundle}.js`, external: true } : undefined,
      );
    },
  };
}
