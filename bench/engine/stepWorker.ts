/**
 * Training steps on our side: answers the commands that bench/peers/step.py answers on the other, a line of JSON each.
 *
 *   node --import tsx bench/engine/stepWorker.ts ours|unfolded|standard BACKEND THREADS
 *
 * `ours` trains models of the product's operations, `unfolded` the GIN with a row for every node, `standard` one of
 * TensorFlow.js's operations.
 */
import { BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Graph } from '../../server/src/graph/graph';
import { Rng } from '../../server/src/graph/rng';
import { selectBackend, type Backend } from '../../server/src/tensor/backend';
import { limitThreads, threadLimit } from '../../server/src/tensor/threads';
import type { InitialTensor } from './initialWeights';
import { ourModel, type PreparedBatch } from './ourModel';
import { unpackFloats, unpackGraphs } from './packed';
import { peakKernel, type PeakKernel } from './peakKernel';
import { standardGin } from './standardGin';
import type { Answers, Gemm, Prepare, Reset, Train } from './stepCommands';
import { Trainer } from './trainer';
import type { ModelShape } from './workload';

type AnyTrainer = Pick<Trainer<PreparedBatch>, 'reset' | 'train'>;

class Worker {
  private trainer: AnyTrainer | undefined;
  private peakKernel: PeakKernel | undefined;
  private readonly rng = new Rng(0, 'matrices');

  constructor(
    private readonly kind: string,
    private readonly backend: string,
  ) {}

  describe(): Answers['describe'] {
    return { name: this.backend, versions: { 'Node.js': process.versions.node }, threads: threadLimit() };
  }

  prepare({ shape, weights, graphs, batches }: Prepare): Answers['prepare'] {
    const initial = new Map<string, InitialTensor>(
      Object.entries(weights).map(([name, tensor]) => [
        name,
        { shape: tensor.shape, values: unpackFloats(tensor.values) },
      ]),
    );
    const all = unpackGraphs(graphs);
    const members = batches.map((ids) => ids.map((id) => all[id]));
    this.trainer = makeTrainer(this.kind, shape, initial, members);
    return {};
  }

  train(command: Train): Answers['train'] {
    if (this.trainer === undefined) throw new Error('nothing is prepared');
    return this.trainer.train(command);
  }

  reset({ learningRate }: Reset): Answers['reset'] {
    this.trainer?.reset(learningRate);
    return {};
  }

  gemm({ m, k, n, transposeA, transposeB, repeats }: Gemm): Answers['gemm'] {
    const random = (rows: number, columns: number): tf.Tensor2D =>
      tf.tensor2d(
        Float32Array.from({ length: rows * columns }, () => this.rng.normal()),
        [rows, columns],
      );
    const a = transposeA ? random(k, m) : random(m, k);
    const b = transposeB ? random(n, k) : random(k, n);
    const start = performance.now();
    for (let i = 0; i < repeats; i++) tf.matMul(a, b, transposeA, transposeB).dispose();
    const milliseconds = performance.now() - start;
    tf.dispose([a, b]);
    return { milliseconds };
  }

  peak({ rounds }: { readonly rounds: number }): Answers['peak'] {
    const { run, operations, fused } = (this.peakKernel ??= peakKernel());
    const start = performance.now();
    run(rounds);
    return { milliseconds: performance.now() - start, operations: operations * rounds, fused };
  }
}

function makeTrainer(
  kind: string,
  shape: ModelShape,
  weights: ReadonlyMap<string, InitialTensor>,
  members: readonly (readonly Graph[])[],
): AnyTrainer {
  if (kind === 'standard') return new Trainer(() => standardGin(shape, weights), members);
  // GAT is measured without folding (docs/performance.md).
  const fold = kind === 'ours' && shape.kind !== 'gat';
  return new Trainer(() => ourModel(shape, weights, fold), members);
}

/** The packages' own backends need not be among those that the product offers. */
async function start(kind: string, backend: string): Promise<string> {
  if (kind !== 'standard') return selectBackend(backend as Backend | 'auto');
  await selectBackend('cpu');
  if (backend !== 'wasm') return backend;
  const folder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
  setWasmPaths(`${folder}${path.sep}`);
  await tf.setBackend('wasm');
  if (!(tf.backend() instanceof BackendWasm)) throw new Error('the wasm backend of TensorFlow.js did not start');
  return backend;
}

async function main([kind, backend, threads]: readonly string[]): Promise<void> {
  limitThreads(Number(threads));
  const worker = new Worker(kind, await start(kind, backend));
  for await (const line of createInterface(process.stdin)) {
    const command = JSON.parse(line) as { do: keyof Answers } & Prepare & Train & Reset & Gemm & { rounds: number };
    process.stdout.write(`${JSON.stringify(worker[command.do](command))}\n`);
  }
}

void main(process.argv.slice(2));
