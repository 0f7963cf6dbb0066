import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError, type Arguments } from '../../../server/src/cli/arguments';
import { purifyTask } from '../../../server/src/cli/purifyTask';
import type { PurifyTask } from '../../../server/src/jobs/tasks';
import { useTmpFolder } from '../../support/tmpFolder';

describe('what purify is to do', () => {
  const at = useTmpFolder();
  const task = (values: Arguments['values'], ...positionals: string[]): Promise<PurifyTask> =>
    purifyTask({ positionals, values });
  /** A settings file. */
  const config = (content: unknown): string => {
    writeFileSync(at('config.json'), JSON.stringify(content));
    return at('config.json');
  };
  const receipt = {
    model: { file: '/models/gin.pt' },
    data: { folder: '/data/AIDS', features: 'labels' },
    cleanIds: [3, 1],
    options: { method: 'nad', attentionPower: 1 },
    seed: 7,
    backend: 'cpu',
  };

  it('needs a model and data', async () => {
    await assert.rejects(
      task({ data: 'D' }),
      (error) => error instanceof UsageError && /model file/.test(error.message),
    );
    await assert.rejects(task({}, 'gin.pt'), (error) => error instanceof UsageError && /--data/.test(error.message));
  });

  it('writes beside the model, with seed 0 and no settings, unless told otherwise', async () => {
    const usual = await task({ data: 'D' }, 'models/gin.v2.pt');
    assert.equal(usual.output, path.resolve('models/gin.v2.purified.pt'));
    assert.deepEqual([usual.seed, usual.overwrite, usual.method, usual.options, usual.repeats], [0, false, undefined, undefined, undefined]); // prettier-ignore
    const told = await task({ data: 'D', out: 'o.pt', seed: '5', overwrite: true, method: 'anp' }, 'gin.pt');
    assert.deepEqual([told.output, told.seed, told.overwrite, told.method], [path.resolve('o.pt'), 5, true, 'anp']);
  });

  it('takes from a settings file what the command line does not say', async () => {
    const repeated = await task({ config: config(receipt) });
    assert.deepEqual([repeated.model, repeated.data, repeated.features], ['/models/gin.pt', '/data/AIDS', 'labels']);
    assert.deepEqual([repeated.cleanIds, repeated.seed, repeated.backend], [[3, 1], 7, 'cpu']);
    assert.deepEqual([repeated.options, repeated.method], [receipt.options, undefined]);
    const given = { seed: '0', backend: 'graphnad', features: 'degree', method: 'finetune' };
    const changed = await task({ config: config(receipt), ...given });
    assert.deepEqual([changed.seed, changed.backend, changed.features, changed.method], [0, 'graphnad', 'degree', 'finetune']); // prettier-ignore
  });

  it('puts the settings of --options before all others, and says what is wrong with them', async () => {
    const { options } = await task({ config: config(receipt), options: '{"attentionPower": 3}' });
    assert.deepEqual(options, { method: 'nad', attentionPower: 3 });
    const alone = await task({ data: 'D', options: '{"teacherRounds": 16}' }, 'gin.pt');
    assert.deepEqual(alone.options, { teacherRounds: 16 });
    for (const [given, problem] of [
      ['[1]', /not a JSON object/],
      ['{', /not a JSON object/],
      ['{"teacherRounds": 0}', /teacherRounds.*must be/],
      ['{"rounds": 3}', /rounds.*has only/],
    ] as const) {
      const wrong = task({ data: 'D', options: given }, 'gin.pt');
      await assert.rejects(wrong, (error) => error instanceof UsageError && problem.test(error.message));
    }
  });

  it('binds model and data to the hashes of the file, where they or ids of graphs are from there', async () => {
    const bound = async (values: Arguments['values'], ...positionals: string[]): Promise<readonly string[]> =>
      (await task({ config: config(receipt), ...values }, ...positionals)).repeats?.bound ?? [];
    writeFileSync(at('ids.json'), '[2]');
    assert.deepEqual(await bound({}), ['model', 'data']);
    assert.deepEqual(await bound({}, 'other.pt'), ['data']);
    assert.deepEqual(await bound({ data: 'D' }), ['model', 'data'], 'its clean graphs are those of its data');
    assert.deepEqual(await bound({ data: 'D', 'clean-ids': at('ids.json') }), ['model']);
    assert.deepEqual(await bound({ data: 'D', 'holding-rate': '0.1' }, 'other.pt'), []);
  });

  it('takes a share of the data in place of the ids of the file', async () => {
    const { cleanIds, holdingRate } = await task({ config: config(receipt), 'holding-rate': '0.1' });
    assert.deepEqual([cleanIds, holdingRate], [undefined, 0.1]);
  });
});
