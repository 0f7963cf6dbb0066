/** `npm run vscode`: the example workspace in a VS Code with the extension: the desktop one, else one in the browser. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { startCodeServer } from '../../test/support/vscodeHost/codeServer';
import { hasCodeServer, installCodeServer } from '../../test/support/vscodeHost/installCodeServer';
import { findProgram } from '../lib/findProgram';
import { packageExtension } from '../lib/packageExtension';
import { packageFile, repositoryRoot, testResultsFolder } from '../lib/paths';
import { buildProduct, exampleFolder, makeExample } from '../lib/product';

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const desktop = findProgram(
    ['code', 'code-insiders', 'codium'],
    ['/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code'],
  );
  if (desktop !== undefined) {
    await buildProduct();
    await makeExample(exampleFolder);
    const args = ['--new-window', `--extensionDevelopmentPath=${repositoryRoot}`, exampleFolder];
    const shell = process.platform === 'win32';
    spawn(shell ? `"${desktop}"` : desktop, shell ? args.map((arg) => `"${arg}"`) : args, { stdio: 'inherit', shell });
  } else if (hasCodeServer()) {
    await serve();
  } else {
    throw new Error('No VS Code was found: install it, and its `code` command on the PATH.');
  }
}

/** Serves the workbench until the process is interrupted. */
async function serve(): Promise<void> {
  await packageExtension(packageFile);
  await makeExample(exampleFolder);
  const { authority } = await startCodeServer(await installCodeServer(), {
    extensions: [packageFile],
    settings: { 'window.commandCenter': true },
    log: path.join(testResultsFolder, 'vscode.log'),
  });
  console.log('No desktop VS Code was found. A VS Code with the extension runs here until Ctrl-C:');
  console.log(`http://${authority}/?folder=${encodeURIComponent(exampleFolder)}`);
}
