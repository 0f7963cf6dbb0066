import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mustRun } from '../../scripts/lib/command';
import { npmCommand } from '../../scripts/lib/install.mjs';

/**
 * Installs packages into a folder of their own, without running their install scripts.
 *
 * @param folder existing folder
 * @param packages exact versions by name; absent, what the folder's own package.json asks for
 */
export async function npmInstall(folder: string, packages?: Readonly<Record<string, string>>): Promise<void> {
  if (packages) {
    const manifest = { private: true, dependencies: packages };
    await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  const npm = npmCommand();
  await mustRun(
    npm.command,
    [...npm.args, 'install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, env: withoutCallingScript(process.env) },
  );
}

/** The environment without what an outer `npm run` tells about its own package. */
function withoutCallingScript(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(npm_package_|npm_lifecycle_|npm_config_(local_prefix|prefix|global_prefix)$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}
