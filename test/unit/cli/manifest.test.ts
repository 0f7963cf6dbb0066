import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Manifest } from '../../../protocol/manifest';
import { UsageError, type Arguments } from '../../../server/src/cli/arguments';
import { manifestOf } from '../../../server/src/cli/manifest';
import { purifyTask } from '../../../server/src/cli/purifyTask';
import { scanTaskOf } from '../../../server/src/cli/scanModels';
import { readModelSettings } from '../../../server/src/jobs/manifest/modelSettings';
import { ManifestError } from '../../../server/src/jobs/manifest/readManifest';
import type { PurifyTask } from '../../../server/src/jobs/tasks';
import { useTmpFolder } from '../../support/tmpFolder';

describe('the manifest on the command line', () => {
  const at = useTmpFolder();
  const put = (file: string, content: unknown): string => {
    writeFileSync(at(file), JSON.stringify(content));
    return at(file);
  };
  const manifest: Manifest = {
    seed: 4,
    models: [
      {
        model: 'gin.pt',
        data: { folder: 'data', features: 'labels', cleanIds: 'clean.json' },
        architecture: { readout: 'mean' },
        classNames: ['a', 'b'],
        trigger: 'trigger.json',
        benign: 'clean.pt',
        purify: { method: 'nad', holdingRate: 0.1, options: { attentionPower: 1 }, output: 'out/{name}.pt' },
      },
    ],
  };

  beforeEach(() => {
    mkdirSync(at('.git'));
    put('clean.json', [5, 6]);
    put('graphnad.json', manifest);
  });

  it('is the nearest one, the one that is named, or none', async () => {
    const found = async (values: Arguments['values']): Promise<string | undefined> =>
      (await manifestOf({ positionals: [], values })(at('gin.pt')))?.manifest;
    assert.equal(await found({}), at('graphnad.json'));
    assert.equal(await found({ manifest: put('other.json', {}) }), at('other.json'));
    assert.equal(await found({ 'no-manifest': true }), undefined);
    await assert.rejects(found({ manifest: at('none.json') }), ManifestError);
    assert.throws(() => manifestOf({ positionals: [], values: { manifest: 'a', 'no-manifest': true } }), UsageError);
  });

  it('says how a model is scanned, unless the command line does', async () => {
    const settings = await readModelSettings(at('gin.pt'), at('graphnad.json'));
    const plain = scanTaskOf(at('gin.pt'), {}, settings);
    assert.deepEqual([plain.data, plain.features, plain.cleanIds, plain.seed], [at('data'), 'labels', [5, 6], 4]);
    assert.deepEqual([plain.architecture, plain.classNames], [{ readout: 'mean' }, ['a', 'b']]);
    const told = scanTaskOf(at('gin.pt'), { data: '/D', seed: 0, architecture: { readout: 'max' } }, settings);
    assert.deepEqual([told.data, told.features, told.cleanIds, told.seed], ['/D', undefined, undefined, 0]);
    assert.deepEqual(told.architecture, { readout: 'max' });
    assert.equal(scanTaskOf(at('gin.pt'), {}, undefined).seed, 0);
  });

  const task = (values: Arguments['values'] = {}): Promise<PurifyTask> =>
    purifyTask({ positionals: [at('gin.pt')], values });

  it('says how a model is purified', async () => {
    const { data, features, cleanIds, holdingRate, idFiles, seed, method, options, output, trigger, benign } =
      await task();
    assert.deepEqual([data, features, cleanIds, holdingRate], [at('data'), 'labels', [5, 6], undefined]);
    assert.deepEqual(
      [idFiles?.clean, seed, method, { ...options }],
      [at('clean.json'), 4, 'nad', { attentionPower: 1 }],
    );
    assert.deepEqual([output, trigger, benign], [at('out/gin.pt'), at('trigger.json'), at('clean.pt')]);
  });

  it('comes after the command line', async () => {
    const told = await task({ data: at('D'), out: at('o.pt'), seed: '0', method: 'finetune' });
    assert.deepEqual([told.data, told.features, told.cleanIds], [at('D'), undefined, undefined]);
    assert.deepEqual([told.output, told.seed, told.method, told.options], [at('o.pt'), 0, 'finetune', undefined]);
    assert.equal(told.holdingRate, 0.1);
    const share = await task({ 'holding-rate': '0.5' });
    assert.deepEqual([share.data, share.cleanIds, share.holdingRate], [at('data'), undefined, 0.5]);
    const without = await task({ 'no-manifest': true, data: at('D') });
    assert.deepEqual([without.seed, without.method, without.trigger], [0, undefined, undefined]);
  });

  it('comes after a settings file, and a receipt is repeated without it', async () => {
    const partly = await task({ config: put('config.json', { seed: 9, options: { method: 'anp' } }) });
    assert.deepEqual(
      [partly.data, partly.seed, partly.method, partly.options?.method],
      [at('data'), 9, undefined, 'anp'],
    );
    assert.deepEqual(partly.repeats?.bound, []);
    const receipt = { receipt: 'graphnad-purify-1', data: { folder: at('D') } };
    const repeated = await task({ config: put('receipt.json', receipt) });
    assert.deepEqual([repeated.data, repeated.architecture, repeated.seed, repeated.trigger], [at('D'), undefined, 0, undefined]); // prettier-ignore
  });
});
