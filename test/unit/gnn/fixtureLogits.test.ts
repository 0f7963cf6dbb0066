import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FeatureKind, Readout } from '../../../protocol/model';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import type { Dataset } from '../../../server/src/dataset/dataset';
import { encodeDataset } from '../../../server/src/dataset/features';
import { loadDataset } from '../../../server/src/dataset/loadDataset';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { predictLogits } from '../../../server/src/gnn/predict';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { settleArchitecture } from '../../../server/src/gnn/settleArchitecture';
import { selectBackend } from '../../../server/src/tensor/backend';
import { sharedOrSkip } from '../../support/shared';
import { assertClose } from '../defense/assertClose';

interface FixtureDescription {
  readonly dataset: string;
  readonly features: FeatureKind;
  readonly architecture: { readonly readout: Readout; readonly layers: number; readonly hidden: number };
  readonly splits: { readonly clean: number[] };
  readonly logits: { readonly graphs: number[]; readonly values: number[][] };
}

describe('fixture models', function () {
  this.timeout(60_000);
  let folder: string;
  before(async function () {
    folder = sharedOrSkip(this, 'fixtures', 'models');
    await selectBackend('graphnad');
  });

  it('have the logits of PyTorch, and a readout that the clean labels settle rightly', async function () {
    const data = sharedOrSkip(this, 'data', 'tu');
    const files = readdirSync(folder).filter((name) => name.endsWith('.pt'));
    assert.ok(files.length > 0);
    const datasets = new Map<string, Dataset>();
    for (const file of files) {
      const fixture = JSON.parse(
        readFileSync(path.join(folder, file.replace(/\.pt$/, '.json')), 'utf8'),
      ) as FixtureDescription;
      const dataset = datasets.get(fixture.dataset) ?? (await loadDataset(path.join(data, fixture.dataset)));
      datasets.set(fixture.dataset, dataset);
      const { graphs, layout } = encodeDataset(dataset, fixture.features);
      const { tensors } = readCheckpoint(readFileSync(path.join(folder, file)), file);
      const clean = fixture.splits.clean.map((id) => graphs[id]);
      const recognition = settleArchitecture(tensors, recogniseArchitecture(tensors), clean, layout);
      const { readout, layers, hidden } = recognition.architecture;
      assert.deepEqual({ readout, layers, hidden }, pick(fixture.architecture), file);
      const model = GraphModel.fromCheckpoint(tensors, recognition);
      const chosen = fixture.logits.graphs.map((id) => graphs[id]);
      assertClose(predictLogits(model, chosen, layout), fixture.logits.values.flat(), file);
      model.dispose();
    }
  });
});

function pick({ readout, layers, hidden }: FixtureDescription['architecture']): FixtureDescription['architecture'] {
  return { readout, layers, hidden };
}
