import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError, type Arguments } from '../../../server/src/cli/arguments';
import { attentionTask } from '../../../server/src/cli/attentionTask';
import type { AttentionTask } from '../../../server/src/jobs/attentionTask';
import { useTmpFolder } from '../../support/tmpFolder';

describe('what attention compares', () => {
  const at = useTmpFolder();
  const task = (values: Arguments['values'], ...models: string[]): Promise<AttentionTask> =>
    attentionTask({ positionals: models, values }, 17);

  function writeManifest(): string {
    mkdirSync(at('data'));
    writeFileSync(at('clean.json'), '[4, 2]');
    const entry = {
      model: 'gin.pt',
      data: { folder: 'data', features: 'degree', cleanIds: 'clean.json' },
      ...{ architecture: { readout: 'mean', layers: 2 }, seed: 9 },
    };
    writeFileSync(at('graphnad.json'), JSON.stringify({ models: [entry] }));
    return at('graphnad.json');
  }

  it('needs data, from an option or from the manifest', async () => {
    const without = task({ 'no-manifest': true }, at('gin.pt'));
    await assert.rejects(without, (error) => error instanceof UsageError && /--data/.test(error.message));
    const { data, model, after, graph, seed } = await task({ 'no-manifest': true, data: at('d') }, 'a.pt', 'b.pt');
    assert.deepEqual([data, graph, seed], [at('d'), 17, 0]);
    assert.deepEqual(
      [model, after],
      ['a.pt', 'b.pt'].map((name) => path.resolve(name)),
    );
  });

  it('goes by the manifest of the model before', async () => {
    const found = await task({ manifest: writeManifest() }, at('gin.pt'), at('other.pt'));
    assert.deepEqual([found.data, found.features, found.cleanIds, found.seed], [at('data'), 'degree', [4, 2], 9]);
    assert.deepEqual(found.architecture, { readout: 'mean', layers: 2 });
  });

  it('puts options first, and takes ids and features with their own data alone', async () => {
    const given = { manifest: writeManifest(), data: at('elsewhere'), seed: '3', readout: 'sum' };
    const found = await task(given, at('gin.pt'));
    assert.deepEqual([found.data, found.features, found.cleanIds, found.seed], [at('elsewhere'), undefined, undefined, 3]); // prettier-ignore
    assert.deepEqual(found.architecture, { readout: 'sum', layers: 2 });
  });
});
