import assert from 'node:assert/strict';
import path from 'node:path';
import { parse } from 'jsonc-parser';
import { readManifest } from '../../../../server/src/jobs/manifest/readManifest';
import { firstManifest, type FoundModel } from '../../../../server/src/lsp/manifest/firstManifest';

describe('a first manifest', () => {
  const at = (file: string): string => path.resolve('/w', file);
  const made = (...models: FoundModel[]): unknown => {
    const text = firstManifest(models, at('graphnad.json'));
    assert.deepEqual(readManifest(text).problems, []);
    return parse(text);
  };
  const aids = { folder: at('data/AIDS'), fitting: ['labels', 'degree'] } as const;

  it('names every model with its data, those of all once', () => {
    assert.deepEqual(made({ file: at('m/b.pt'), data: aids }, { file: at('m/a.pt'), data: aids }), {
      data: { folder: 'data/AIDS', features: 'labels' },
      models: [{ model: 'm/a.pt' }, { model: 'm/b.pt' }],
    });
    assert.deepEqual(made({ file: at('a.pt'), data: aids }, { file: at('b.pt') }), {
      models: [{ model: 'a.pt', data: { folder: 'data/AIDS', features: 'labels' } }, { model: 'b.pt' }],
    });
  });

  it('is one without models, too', () => {
    assert.deepEqual(made(), { models: [] });
  });
});
