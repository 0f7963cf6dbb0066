import type { MessagePort } from 'node:worker_threads';
import { fineTuneSuspect } from '../../defense/purify';
import type { PurifyOptions } from '../../defense/options';
import type { PurifyProgress } from '../../defense/run';
import type { GraphModel } from '../../gnn/graphModel';
import { probeRunner, type RunProbe } from '../../scan/signals/averagedSignals';
import { selectBackend } from '../../tensor/backend';
import { findTriggerToCompareBy } from '../foundTrigger';
import { modelOfPlain, plainModel, type PlainModel } from './plainModel';
import type { FromSide, OpenTask, SideResult, SideTask, ToSide } from './sideTasks';

/** The side thread's part: does what comes in on the port, several things in turns where they pause. */
export function serveSide(port: MessagePort): void {
  const side = new Side();
  port.on('message', ({ id, task }: ToSide) => {
    const answer = (message: FromSide): void => port.postMessage(message);
    side
      .perform(task, (fraction) => answer({ id, type: 'progress', fraction }))
      .then((result) => answer({ id, type: 'result', result }))
      // Only that it failed matters: the other thread does the same then, and meets the same error.
      .catch((error: unknown) => answer({ id, type: 'failure', reason: String(error) }));
  });
}

type Progress = (fraction: number) => void;

/** Never heard: the thread is ended as a whole. */
const { signal } = new AbortController();

interface Opened extends OpenTask {
  readonly model: GraphModel;
}

class Side {
  private about: Promise<Opened> | undefined;
  private runProbe: RunProbe | undefined;

  async perform(task: SideTask, progress: Progress): Promise<SideResult<SideTask>> {
    if (task.kind === 'open') {
      this.about = open(task);
      await this.about;
      return undefined;
    }
    const about = await this.about;
    if (about === undefined) throw new Error('nothing was opened');
    switch (task.kind) {
      case 'find-trigger':
        return findTriggerToCompareBy({ ...about, signal, progress });
      case 'fine-tune':
        return fineTune(about, task.options, progress);
      case 'prepare-probes':
        // The models stay as long as the thread: there are two.
        this.runProbe = probeRunner({ ...about, model: modelOfPlain(task.model), signal });
        return undefined;
      case 'probe':
        if (this.runProbe === undefined) throw new Error('no model was named');
        return this.runProbe(task.probe, progress);
    }
  }
}

async function open(task: OpenTask): Promise<Opened> {
  await selectBackend(task.backend);
  return { ...task, model: modelOfPlain(task.suspect) };
}

async function fineTune(input: Opened, options: PurifyOptions, progress: Progress): Promise<PlainModel> {
  const onProgress = ({ epoch, epochs }: PurifyProgress): void => progress(epoch / epochs);
  const model = await fineTuneSuspect({ ...input, options, signal, onProgress });
  const plain = plainModel(model);
  model.dispose();
  return plain;
}
