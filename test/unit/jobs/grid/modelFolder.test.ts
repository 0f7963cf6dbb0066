import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { GraphModel } from '../../../../server/src/gnn/graphModel';
import { Rng } from '../../../../server/src/graph/rng';
import { loadGridData, type EncodedData } from '../../../../server/src/jobs/grid/gridData';
import { hasModelFolder, readFacts, readModel, readTrueAttack, writeModelFolder } from '../../../../server/src/jobs/grid/modelFolder'; // prettier-ignore
import { architectureOf, splitsOf, type SuspectSpec } from '../../../../server/src/jobs/grid/suspect';
import { selectBackend } from '../../../../server/src/tensor/backend';
import { readGrid } from '../../../support/grids';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('a folder of a trained model', () => {
  const at = useTmpFolder();
  const grid = readGrid('smoke');

  for (const features of ['labels-dense', 'degree'] as const) {
    const spec: SuspectSpec = { data: { ...grid.data[0], features }, attack: grid.attacks[1], architecture: { ...grid.architectures[0], readout: 'mean' }, training: grid.training, seed: 0 }; // prettier-ignore
    let data: EncodedData;
    let model: GraphModel;
    before(async () => {
      await selectBackend('graphnad');
      data = await loadGridData(spec.data);
      model = GraphModel.random(architectureOf(spec, data), new Rng(0));
    });

    it(`gives back the model, what was poisoned and the triggered graphs: ${features}`, async () => {
      const ids = splitsOf(spec, data).test.filter((id) => data.graphs[id].classLabel === 0);
      // Each with a node more than its host.
      const graphs = ids.map((id) => {
        const host = data.graphs[id];
        const nodeLabels = host.nodeLabels.length > 0 ? Int32Array.of(...host.nodeLabels, 2) : host.nodeLabels;
        return { ...host, nodeCount: host.nodeCount + 1, edges: Int32Array.of(...host.edges), nodeLabels };
      });
      assert.equal(await hasModelFolder(at('model')), false);
      const trained = { model, poisoned: [3, 5], seconds: 1.5, attacked: { ids, graphs, nodes: 1 } };
      await writeModelFolder(at('model'), spec, trained);
      await writeModelFolder(at('model'), spec, trained); // another process was faster
      assert.equal(await hasModelFolder(at('model')), true);
      assert.deepEqual(await readFacts(at('model')), { poisoned: [3, 5], seconds: 1.5 });
      const read = await readModel(at('model'), spec, data);
      assert.equal(read.architecture.readout, 'mean');
      assert.deepEqual([...read.exportTensors()], [...model.exportTensors()]);
      read.dispose();
      const attack = await readTrueAttack(at('model'), spec, data);
      assert.equal(attack?.target, 1);
      assert.deepEqual(attack.triggered, { ids, graphs });
    });

    it(`says what is wrong with a folder that somebody touched: ${features}`, async () => {
      await writeModelFolder(at('model'), spec, { model, poisoned: [], seconds: 0 });
      await assert.rejects(readTrueAttack(at('model'), spec, data), { name: 'TriggerFileError' });
      rmSync(at('model', 'model.pt'));
      await assert.rejects(readModel(at('model'), spec, data), { name: 'CheckpointError' });
      writeFileSync(at('file'), '');
      await assert.rejects(writeModelFolder(at('file'), spec, { model, poisoned: [], seconds: 0 }), { name: 'OutputError' }); // prettier-ignore
    });
  }
});
