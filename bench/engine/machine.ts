import os from 'node:os';
import process from 'node:process';
import { pythonPeers } from './python';

/** What figures were measured on and with. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Day of the measurement, as `2024-01-31`. */
  readonly day: string;
}

/** @throws PeerMissingError without PyTorch */
export async function describeMachine(): Promise<Machine> {
  const { torch, geometric } = await pythonPeers();
  const machine = describeOwnMachine();
  const peers = { PyTorch: torch, ...(geometric === undefined ? {} : { 'PyTorch Geometric': geometric }) };
  return { ...machine, versions: { ...machine.versions, ...peers } };
}

/** The machine, where nothing is compared with PyTorch. */
export function describeOwnMachine(): Machine {
  return {
    processor: os.cpus()[0].model.replace(/\s+/g, ' ').trim(),
    cores: os.availableParallelism(),
    memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${process.arch}`,
    versions: { 'Node.js': process.versions.node },
    day: new Date().toISOString().slice(0, 10),
  };
}
