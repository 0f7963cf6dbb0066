import assert from 'node:assert/strict';
import { compareStages, figuresOf, type Comparison } from '../../../server/src/jobs/compareModels';
import { openModel } from '../../../server/src/jobs/runModel';
import { useTinyWorkspace } from '../../support/tinyWorkspace';

describe('models compared on the same graphs', () => {
  const workspace = useTinyWorkspace();

  it('have the same figures where they are the same, and a rating against the first', async () => {
    const run = await openModel({ model: workspace().model, data: workspace().data });
    try {
      const edges: [number, number][] = [
        [0, 1],
        [1, 2],
        [0, 2],
      ];
      const trigger = { nodes: 3, edges, labels: null, placement: 'random', replace: true } as const;
      const comparison: Comparison = { run, found: { trigger, target: 0 }, seed: 3 };
      const [before, after] = compareStages(comparison, [
        ['before', run.model],
        ['graphnad', run.model],
      ]);
      assert.deepEqual(after, { ...before, name: 'graphnad', der: 0.5 });
      assert.deepEqual({ name: 'before', ...figuresOf(run.model, comparison) }, before);
      const { asr, asrInterval, acc } = before.estimated;
      assert.equal(asrInterval.value, asr);
      assert.ok(acc > 0.6 && before.true === undefined);

      const attack = { target: 0, triggered: { ids: run.splits.test, graphs: run.data.graphs.slice(0, 24) } };
      const [known] = compareStages({ ...comparison, attack }, [['before', run.model]]);
      assert.deepEqual([known.estimated, known.true?.acc], [before.estimated, acc]);
      assert.ok(known.true?.asr !== undefined);
    } finally {
      run.model.dispose();
    }
  });
});
