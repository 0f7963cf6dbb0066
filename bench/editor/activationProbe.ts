/** Runs inside an extension host: activates the extension and writes down how long that kept the host busy. */
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { writeResults } from '../../test/support/results';

/** @throws where the environment names no files, or the extension does not activate */
export async function run(): Promise<void> {
  const { GRAPHNAD_RESULTS: results, GRAPHNAD_ACTIVATION: figure } = process.env;
  if (!results || !figure) throw new Error('GRAPHNAD_RESULTS and GRAPHNAD_ACTIVATION must name files');
  const extension = vscode.extensions.getExtension('graphnad.graphnad');
  if (!extension) throw new Error('the extension is not installed');
  const { busyMilliseconds } = (await extension.activate()) as { readonly busyMilliseconds: number };
  writeFileSync(figure, String(busyMilliseconds));
  writeResults(results, { passes: 1, failures: [], skipped: [] });
}
