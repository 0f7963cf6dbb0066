/** Scans the files of a list for code as the product does, in one process: the counterpart of bench/peers/code_safety.py. */
import { readFileSync, statSync } from 'node:fs';
import process from 'node:process';
import type { CodeInspection } from '../../server/src/checkpoint/inspectCode';
import { inspectCode, inspectCodeByRanges } from '../../server/src/checkpoint/inspectCode';
import { FileSource } from '../../server/src/jobs/fileSource';
import { codeSafetyVerdict } from '../../server/src/scan/codeSafety';

/** Bytes from which on a file is read by ranges, as by the inspector. */
const largeFile = 64 << 20;

const words = { dangerous: 'alarm', unknown: 'warning', safe: 'clean' } as const;

async function inspect(path: string): Promise<CodeInspection> {
  if (statSync(path).size < largeFile) return inspectCode(readFileSync(path), path);
  return FileSource.with(path, (source) => inspectCodeByRanges(source, path));
}

async function verdict(path: string): Promise<string> {
  const inspection = await inspect(path);
  const word = words[codeSafetyVerdict(inspection)];
  return word === 'warning' && !inspection.inspected ? 'skipped' : word;
}

/** Of this program alone: what `resourceUsage` says may be from before it was started. */
function peakMegabytes(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

void main();

async function main(): Promise<void> {
  const paths = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n');
  const started = performance.now();
  const verdicts: string[] = [];
  for (const path of paths) verdicts.push(await verdict(path));
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${JSON.stringify([verdicts, seconds, peakMegabytes(), ''])}\n`);
}
