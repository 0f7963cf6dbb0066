/** Plug-ins for esbuild that keep the client quick to load. */
import { readFile } from 'node:fs/promises';

/**
 * Takes `vscode` as the object that it is. A namespace import of it, by the rules of ECMAScript, is a copy with a getter
 * for each of its 300 members, made anew in each of 60 files: half of the time that activation would take.
 *
 * @type {import('esbuild').Plugin}
 */
export const requireVscode = {
  name: 'require-vscode',
  setup(build) {
    build.onLoad({ filter: /[\\/]client[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(/^import \* as vscode from 'vscode';$/m, "import vscode = require('vscode');");
      return { contents, loader: 'ts', watchFiles: [path] };
    });
  },
};

/**
 * Leaves a module of the client out of the bundles that import it: it is a bundle of its own, beside them.
 *
 * @param {string} name of the file in `client/`, without its extension
 * @returns {import('esbuild').Plugin}
 */
export function apart(name) {
  return {
    name: `apart-${name}`,
    setup(build) {
      build.onResolve({ filter: new RegExp(`/${name}$`) }, ({ kind, importer }) =>
        kind !== 'entry-point' && /[\\/]client[\\/]/.test(importer)
          ? { path: `./${name}.js`, external: true }
          : undefined,
      );
    },
  };
}
