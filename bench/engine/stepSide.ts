import path from 'node:path';
import process from 'node:process';
import { LineProcess } from './lineProcess';
import type { Answers, Gemm, Prepare, Train } from './stepCommands';
import { peersFolder, pythonCommand } from './python';

/** One contestant: a process of its own that trains what it is given. */
export class StepSide {
  private constructor(private readonly process: LineProcess) {}

  /** Our side. @param kind as stepWorker.ts explains */
  static node(kind: 'ours' | 'unfolded' | 'standard', backend: string, threads = 1): StepSide {
    const args = ['--import', 'tsx', path.join(__dirname, 'stepWorker.ts'), kind, backend, String(threads)];
    return new StepSide(new LineProcess(`${kind} (${backend}, ${threads} thread(s))`, process.execPath, args));
  }

  /** The other side. @param kind plain PyTorch, or PyTorch Geometric */
  static python(kind: 'torch' | 'pyg', threads: number): StepSide {
    const args = [path.join(peersFolder, 'step.py'), kind, String(threads)];
    return new StepSide(new LineProcess(`${kind}, ${threads} thread(s)`, pythonCommand(), args, { cwd: peersFolder }));
  }

  describe(): Promise<Answers['describe']> {
    return this.process.ask({ do: 'describe' });
  }

  prepare(command: Prepare): Promise<Answers['prepare']> {
    return this.process.ask({ do: 'prepare', ...command });
  }

  train(command: Train): Promise<Answers['train']> {
    return this.process.ask({ do: 'train', ...command });
  }

  async reset(learningRate: number): Promise<void> {
    await this.process.ask({ do: 'reset', learningRate });
  }

  gemm(command: Gemm): Promise<Answers['gemm']> {
    return this.process.ask({ do: 'gemm', ...command });
  }

  peak(rounds: number): Promise<Answers['peak']> {
    return this.process.ask({ do: 'peak', rounds });
  }

  close(): void {
    this.process.close();
  }
}
