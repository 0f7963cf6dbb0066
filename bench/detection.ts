/**
 * Writes anew, from the scans recorded in bench/results/scan, all that follows from them: the calibration of the scan,
 * what the product knows of its error rates, the figures of docs/detection.md and its pages in docs/results.
 *
 *   npm run bench -- detection
 *
 * The scripts behind it, which also train and scan, are listed at the end of docs/detection.md.
 */
import path from 'node:path';
import process from 'node:process';
import { mustRun } from '../scripts/lib/command';

/** In the order in which one needs what another writes. */
const steps = [
  ['scanCalibration', 'fit'],
  ['scanHoldout', 'report'],
  ['scanInversion', 'report'],
  ['scanWithoutData', 'report'],
] as const;

async function main(): Promise<void> {
  for (const [script, command] of steps) {
    console.log(`${script} ${command}`);
    await mustRun(process.execPath, ['--import', 'tsx', path.join(__dirname, `${script}.ts`), command]);
  }
}

void main();
