/**
 * `npm run pictures`: walks through the product in a real workbench, and takes a picture of every view in every theme
 * into `docs/images/`, and of some parts into `media/walkthrough/`.
 */
import path from 'node:path';
import process from 'node:process';
import { makeTestWorkspace } from '../../test/support/exampleWorkspace';
import { startCodeServer } from '../../test/support/vscodeHost/codeServer';
import { installCodeServer } from '../../test/support/vscodeHost/installCodeServer';
import { Workbench } from '../../test/support/vscodeHost/workbench';
import { packageExtension } from '../lib/packageExtension';
import { packageFile, testResultsFolder } from '../lib/paths';
import { takePictures } from '../lib/pictures/tour';

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  await packageExtension(packageFile);
  const workspace = await makeTestWorkspace();
  try {
    const host = await startCodeServer(await installCodeServer(), {
      extensions: [packageFile],
      settings: { 'workbench.colorTheme': 'Dark Modern' },
      workspaceTrust: true,
      log: path.join(testResultsFolder, 'pictures-host.log'),
    });
    try {
      const workbench = await Workbench.open(host, workspace.folder);
      try {
        await takePictures(workbench, workspace.folder);
      } catch (error) {
        await workbench.screenshot('pictures-last');
        throw error;
      } finally {
        await workbench.close();
      }
    } finally {
      await host.stop();
    }
  } finally {
    await workspace.remove();
  }
}
