import path from 'node:path';
import process from 'node:process';
import { runCommand } from '../../scripts/lib/command';

/** Where the scripts that we are measured against are. */
export const peersFolder = path.resolve(__dirname, '..', 'peers');

/** The Python to measure against: that of the environment variable GRAPHNAD_PYTHON, else `python3`. */
export function pythonCommand(): string {
  return process.env.GRAPHNAD_PYTHON ?? 'python3';
}

/** Nothing can be measured: PyTorch is missing. */
class PeerMissingError extends Error {
  override readonly name = 'PeerMissingError';
}

/**
 * Versions of what is measured against.
 *
 * @returns PyTorch Geometric's is undefined where it is not installed
 * @throws PeerMissingError without PyTorch
 */
export async function pythonPeers(): Promise<{ torch: string; geometric: string | undefined }> {
  const command = pythonCommand();
  const script = 'import torch; print(torch.__version__)';
  const { code, stdout, output } = await runCommand(command, ['-c', script]).catch((error: Error) => ({
    code: 1,
    stdout: '',
    output: error.message,
  }));
  if (code !== 0) {
    throw new PeerMissingError(
      `There is nothing to measure against: ${command} could not load PyTorch (${output.trim().split('\n').at(-1)}). ` +
        'Install bench/peers/requirements.txt and name that Python in the environment variable GRAPHNAD_PYTHON.',
    );
  }
  const geometric = await runCommand(command, ['-c', 'import torch_geometric as g; print(g.__version__)']);
  return { torch: stdout.trim(), geometric: geometric.code === 0 ? geometric.stdout.trim() : undefined };
}
