/** Fetches code-server, a build of VS Code whose workbench runs in a browser, and a Node it can run on. */
import path from 'node:path';
import { makeFolderOnce } from '../../../scripts/lib/makeFolderOnce';
import { hostFolder } from '../../../scripts/lib/paths';
import { npmInstall } from '../npmInstall';
import versions from './versions.json';

export interface CodeServerInstallation {
  /** Node binary of the version that code-server needs. */
  readonly node: string;
  /** code-server's entry script. */
  readonly entry: string;
}

/** Whether this platform can run the browser host; others use the desktop VS Code. */
export function hasCodeServer(): boolean {
  return process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');
}

/**
 * Installs the browser host into the git-ignored host folder, once.
 *
 * @throws where the platform has none or npm cannot install it
 */
export async function installCodeServer(): Promise<CodeServerInstallation> {
  if (!hasCodeServer()) throw new Error(`no browser host for ${process.platform} ${process.arch}`);
  const nodePackage = `node-linux-${process.arch}`;
  const folder = path.join(hostFolder, `code-server-${versions.codeServer}-node-${versions.node}-${process.arch}`);
  await makeFolderOnce(folder, async (partial) => {
    console.error(`Installing code-server ${versions.codeServer} into ${path.relative('.', hostFolder)} ...`);
    await npmInstall(partial, { 'code-server': versions.codeServer, [nodePackage]: versions.node });
    // Its postinstall would build native modules that a test host does without; these are the plain dependencies.
    const vscode = path.join(partial, 'node_modules', 'code-server', 'lib', 'vscode');
    await npmInstall(vscode);
    await npmInstall(path.join(vscode, 'extensions'));
  });
  const modules = path.join(folder, 'node_modules');
  return {
    node: path.join(modules, nodePackage, 'bin', 'node'),
    entry: path.join(modules, 'code-server', 'out', 'node', 'entry.js'),
  };
}
