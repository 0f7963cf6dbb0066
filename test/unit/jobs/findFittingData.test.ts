import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findFittingData } from '../../../server/src/jobs/findFittingData';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

describe('findFittingData', () => {
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  it('finds the data set that fits the model', async () => {
    assert.equal(await findFittingData(workspace().model, [workspace().folder]), workspace().data);
  });

  it('prefers the nearest of several', async () => {
    mkdirSync(at('models/data'), { recursive: true });
    cpSync(workspace().model, at('models/gin.pt'));
    cpSync(workspace().data, at('data/TINY'), { recursive: true });
    cpSync(workspace().data, at('models/data'), { recursive: true });
    assert.equal(await findFittingData(at('models/gin.pt'), [at()]), at('models/data'));
  });

  it('finds nothing for a model that cannot be read, nor among data of another width', async () => {
    writeFileSync(at('broken.pt'), 'no checkpoint');
    assert.equal(await findFittingData(at('broken.pt'), [workspace().folder]), undefined);
    writeFileSync(at('X_A.txt'), '1, 2\n2, 1\n');
    writeFileSync(at('X_graph_indicator.txt'), '1\n1\n');
    writeFileSync(at('X_graph_labels.txt'), '1\n');
    assert.equal(await findFittingData(workspace().model, [path.dirname(at('X_A.txt'))]), undefined);
  });
});
