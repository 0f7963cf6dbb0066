/** `npm run pictures`: drives the workbench as the tests do, and keeps the README's pictures of it. */
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { packageExtension } from '../lib/packageExtension';
import { packageFile, repositoryRoot, testResultsFolder } from '../lib/paths';
import { runSuite, uiSuite } from '../lib/suites';

/** Name in `docs/pictures` by name in `test-results`. */
const pictures = {
  '1-problems-dark': 'problems',
  '2-menu': 'menu',
  '5-progress': 'progress',
  '6-results-dark': 'panel',
};

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  await packageExtension(packageFile);
  const { failures } = await runSuite(uiSuite);
  if (failures.length > 0) throw new Error(failures.map(({ title, message }) => `${title}: ${message}`).join('\n'));
  const folder = path.join(repositoryRoot, 'docs', 'pictures');
  await mkdir(folder, { recursive: true });
  for (const [taken, name] of Object.entries(pictures)) {
    await copyFile(path.join(testResultsFolder, `${taken}.png`), path.join(folder, `${name}.png`));
  }
  console.log(`Wrote ${Object.keys(pictures).length} pictures to ${path.relative(process.cwd(), folder)}`);
}
