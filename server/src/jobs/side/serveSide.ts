import type { MessagePort } from 'node:worker_threads';
import { purify } from '../../defense/graphnad';
import type { GraphModel } from '../../gnn/graphModel';
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

/** Never heard: the thread is ended as a whole. */
const { signal } = new AbortController();

class Side {
  private about: (OpenTask & { readonly model: GraphModel }) | undefined;

  async perform(task: SideTask, progress: (fraction: number) => void): Promise<SideResult<SideTask>> {
    switch (task.kind) {
      case 'open':
        await selectBackend(task.backend);
        this.about = { ...task, model: modelOfPlain(task.suspect) };
        return undefined;
      case 'find-trigger':
        return findTriggerToCompareBy({ ...this.opened, signal, progress });
      case 'fine-tune':
        return this.fineTune(task.options, progress);
    }
  }

  private get opened(): OpenTask & { readonly model: GraphModel } {
    if (this.about === undefined) throw new Error('nothing was opened');
    return this.about;
  }

  private async fineTune(
    options: Parameters<typeof purify>[0]['options'],
    progress: (fraction: number) => void,
  ): Promise<PlainModel> {
    const { suspect, ...input } = this.opened;
    const { fineTuned, disposeModels } = await purify({
      ...input,
      options: { ...options, method: 'finetune' },
      signal,
      onProgress: ({ epoch, epochs }) => progress(epoch / epochs),
    });
    const plain = plainModel(fineTuned, suspect.recognition);
    disposeModels();
    return plain;
  }
}
