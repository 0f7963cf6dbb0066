/** `npm run pictures`: drives the workbench as the tests do, and keeps pictures of it for README and walkthrough. */
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { packageExtension } from '../lib/packageExtension';
import { packageFile, repositoryRoot, testResultsFolder } from '../lib/paths';
import { runSuite, uiSuite } from '../lib/suites';

/** Where pictures are kept, without their ending, by name in `test-results`. */
const pictures = {
  '1-problems-dark': 'docs/pictures/problems',
  '2-menu': 'docs/pictures/menu',
  '5-progress': 'docs/pictures/progress',
  '6-results-dark': 'docs/pictures/panel',
  'models-walkthrough-models': 'media/walkthrough/models',
  'models-walkthrough-problems': 'media/walkthrough/problems',
};

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  await packageExtension(packageFile);
  const { failures } = await runSuite(uiSuite);
  if (failures.length > 0) throw new Error(failures.map(({ title, message }) => `${title}: ${message}`).join('\n'));
  for (const [taken, kept] of Object.entries(pictures)) {
    const file = path.join(repositoryRoot, `${kept}.png`);
    await mkdir(path.dirname(file), { recursive: true });
    await copyFile(path.join(testResultsFolder, `${taken}.png`), file);
    console.log(`Wrote ${path.relative(process.cwd(), file)}`);
  }
}
