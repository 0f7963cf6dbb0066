/** Runs inside an extension host: activates the extension and writes down how long that, and the start of the server, kept the host busy. */
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Busy } from '../../client/activationTime';
import { until } from '../../test/support/processes';
import { writeResults } from '../../test/support/results';
import type { Activation } from './activation';

interface Activated {
  readonly busy: Busy;
  readonly serverStart: () => Omit<Activation, 'activation'> | undefined;
}

/** @throws where the environment names no files, or the extension does not activate */
export async function run(): Promise<void> {
  const { GRAPHNAD_RESULTS: results, GRAPHNAD_ACTIVATION: figure } = process.env;
  if (!results || !figure) throw new Error('GRAPHNAD_RESULTS and GRAPHNAD_ACTIVATION must name files');
  const extension = vscode.extensions.getExtension('graphnad.graphnad');
  if (!extension) throw new Error('the extension is not installed');
  const { busy, serverStart } = (await extension.activate()) as Activated;
  await until('the server', () => serverStart() !== undefined);
  writeFileSync(figure, JSON.stringify({ activation: busy, ...serverStart() } satisfies Partial<Activation>));
  writeResults(results, { passes: 1, failures: [], skipped: [] });
}
