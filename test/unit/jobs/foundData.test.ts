import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FoundData } from '../../../server/src/jobs/foundData';
import { ogbData, ogbFolder } from '../../support/ogb';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('FoundData', () => {
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  async function fitting(model: string, folder: string): Promise<string[]> {
    return (await FoundData.inside([folder])).fitting(model);
  }

  it('finds the data set that fits the model', async () => {
    assert.deepEqual(await fitting(workspace().model, workspace().folder), [workspace().data]);
  });

  it('lists all that fit, the nearest first', async () => {
    mkdirSync(at('models/data'), { recursive: true });
    cpSync(workspace().model, at('models/gin.pt'));
    cpSync(workspace().data, at('data/TINY'), { recursive: true });
    cpSync(workspace().data, at('models/data'), { recursive: true });
    assert.deepEqual(await fitting(at('models/gin.pt'), at()), [at('models/data'), at('data/TINY')]);
  });

  it('finds nothing for a model that cannot be read, nor among data of another width', async () => {
    writeFileSync(at('broken.pt'), 'no checkpoint');
    assert.deepEqual(await fitting(at('broken.pt'), workspace().folder), []);
    writeFileSync(at('X_A.txt'), '1, 2\n2, 1\n');
    writeFileSync(at('X_graph_indicator.txt'), '1\n1\n');
    writeFileSync(at('X_graph_labels.txt'), '1\n');
    assert.deepEqual(await fitting(workspace().model, at()), []);
  });

  it('reads each data set once, however many models ask', async () => {
    cpSync(workspace().data, at('TINY'), { recursive: true });
    const found = await FoundData.inside([at()]);
    assert.deepEqual(await found.fitting(workspace().model), [at('TINY')]);
    rmSync(at('TINY'), { recursive: true });
    assert.deepEqual(await found.fitting(workspace().model), [at('TINY')]);
  });

  it('finds the data sets of OGB for models that embed their features', async () => {
    cpSync(ogbData, at('dataset/made_up'), { recursive: true });
    cpSync(workspace().data, at('TINY'), { recursive: true });
    assert.deepEqual(await fitting(path.join(ogbFolder, 'ogb-gin.pt'), at()), [at('dataset/made_up/raw')]);
    assert.deepEqual(await fitting(workspace().model, at()), [at('TINY')]);
  });
});
