/** `npm start`: the whole way once, on an example made on the spot: scan, purify, compare. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Finding } from '../../protocol/findings';
import type { ScanReport } from '../../protocol/reports';
import { mustRun, runCommand } from '../lib/command';
import { buildProduct, commandLine, exampleFolder, makeExample } from '../lib/product';

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  heading('Build');
  await buildProduct();
  heading(`Example workspace in ${relative(exampleFolder)}`);
  await makeExample(exampleFolder);

  heading('Scan');
  const reports = await scan(exampleFolder);
  for (const report of reports) {
    console.log(`${relative(report.file)}: ${verdict(report)}`);
    for (const finding of report.findings) console.log(`  ${line(finding)}`);
  }

  // What an earlier run purified is scanned like any model, and made anew from its original, not purified twice.
  const originals = reports.filter(({ file }) => !file.endsWith('.purified.pt'));
  const flagged = originals.filter(({ backdoor }) => backdoor.kind === 'likely');
  if (flagged.length === 0) throw new Error('The scan flagged no model, though one of the example is backdoored.');
  for (const { file, settings } of flagged) {
    if (settings.data === undefined) throw new Error(`the scan of ${file} does not name its data`);
    heading(`Purify ${relative(file)}`);
    // The planted trigger only measures the result; purifying knows nothing of it.
    const trigger = file.replace(/\.pt$/, '.trigger.json');
    const truth = existsSync(trigger) ? ['--trigger', trigger] : [];
    const args = ['purify', file, '--data', settings.data, ...truth, '--overwrite'];
    await mustRun(process.execPath, [commandLine, ...args], { show: 'all' });
  }

  heading('Next');
  console.log(`npm run vscode   opens ${relative(exampleFolder)} in VS Code with the extension`);
  console.log('npm run package  makes the .vsix to install in any VS Code');
}

async function scan(folder: string): Promise<ScanReport[]> {
  const { code, stdout } = await runCommand(process.execPath, [commandLine, 'scan', folder, '--json'], {
    show: 'stderr',
  });
  // 1 says that there are findings, 2 that something could not be assessed: both are in the reports.
  if (code !== 0 && code !== 1 && code !== 2) throw new Error(`the scan failed with exit code ${code}`);
  return (JSON.parse(stdout) as { reports: ScanReport[] }).reports;
}

function verdict({ backdoor }: ScanReport): string {
  switch (backdoor.kind) {
    case 'likely':
      return `likely backdoored toward class ${backdoor.evidence.target}`;
    case 'no-sign':
      return 'no sign of a backdoor found';
    case 'not-assessed':
      return `not assessed: ${backdoor.reason}`;
  }
}

function line({ code, severity, message }: Finding): string {
  return `${severity.padEnd(11)} ${code}  ${message}`;
}

function heading(text: string): void {
  console.log(`\n== ${text}`);
}

function relative(file: string): string {
  return path.relative(process.cwd(), file);
}
