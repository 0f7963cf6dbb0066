import type { Context } from '../context';
import { askForModelFile } from '../modelFiles';
import { modelRequest } from './modelRequest';

/** `graphnad.showReport`: shows the last scan report of a model in words. */
export function showReport({ reports, walkthrough }: Context): (argument?: unknown) => Promise<void> {
  return async (argument) => {
    const model = modelRequest(argument).uri ?? (await askForModelFile('Show Last Scan Report'));
    if (model === undefined) return;
    await reports.show(model);
    walkthrough.tick('problems');
  };
}
