import { RefreshModelsRequest } from '../../protocol/models';
import type { Context } from '../context';
import { notifyFailure } from '../notify';

/** `graphnad.refreshModels`: has the server look at the whole workspace again. */
export function refreshModels({ server, log }: Context): () => Promise<void> {
  return async () => {
    const params: RefreshModelsRequest.Params = {};
    try {
      await server.request<RefreshModelsRequest.Result>(RefreshModelsRequest.method, params);
    } catch (error) {
      notifyFailure('The workspace could not be searched', error, log);
    }
  };
}
