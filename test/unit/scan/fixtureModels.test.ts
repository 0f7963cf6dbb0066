import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FeatureKind } from '../../../protocol/model';
import type { BackdoorEvidence } from '../../../protocol/reports';
import { readCheckpoint } from '../../../server/src/checkpoint/readCheckpoint';
import { encodeDataset } from '../../../server/src/dataset/features';
import { loadDataset } from '../../../server/src/dataset/loadDataset';
import { GraphModel } from '../../../server/src/gnn/graphModel';
import { recogniseArchitecture } from '../../../server/src/gnn/recognise';
import { assessBackdoor } from '../../../server/src/scan/backdoor';
import { backdoorFindings } from '../../../server/src/scan/findings';
import { selectBackend } from '../../../server/src/tensor/backend';

const shared = path.resolve(__dirname, '../../../../shared');

interface FixtureJson {
  readonly dataset: string;
  readonly features: FeatureKind;
  readonly splits: { readonly clean: number[] };
}

async function scan(name: string): Promise<BackdoorEvidence> {
  const file = path.join(shared, 'fixtures', 'models', `${name}.pt`);
  const json = JSON.parse(readFileSync(file.replace(/pt$/, 'json'), 'utf8')) as FixtureJson;
  const { tensors } = readCheckpoint(readFileSync(file), file);
  const dataset = await loadDataset(path.join(shared, 'data', 'tu', json.dataset));
  const { graphs, layout } = encodeDataset(dataset, json.features);
  const model = GraphModel.fromCheckpoint(tensors, recogniseArchitecture(tensors, { readout: 'sum' }));
  const clean = json.splits.clean.map((id) => graphs[id]);
  const verdict = await assessBackdoor({ model, clean, layout, seed: 0 });
  model.dispose();
  assert.ok(verdict.kind !== 'not-assessed');
  return verdict.evidence;
}

describe('backdoor scan of real checkpoints', function () {
  this.timeout(120_000);

  before(async function () {
    if (!existsSync(shared)) {
      console.log(`      skipped: ${shared} with the fixture models is missing`);
      this.skip();
    }
    await selectBackend('graphnad');
  });

  it('suspects a backdoored PROTEINS model and names its target, and not its clean sibling', async () => {
    const clean = await scan('proteins-gin-clean-s0');
    const backdoored = await scan('proteins-gin-topology-s0');
    assert.ok(backdoored.suspicion > clean.suspicion + 0.5);
    assert.equal(backdoored.target, 1);
    const codes = (evidence: BackdoorEvidence): string[] =>
      backdoorFindings({ kind: 'likely', evidence }).map(({ code }) => code);
    assert.equal(codes(backdoored)[0], 'GN201');
    assert.ok(!codes(clean).includes('GN201'));
  });
});
