import assert from 'node:assert/strict';
import { contributes } from '../../../package.json';
import { stepKey, walkthroughSteps } from '../../../client/walkthroughSteps';

describe('steps of the walkthrough', () => {
  it('are those of the manifest, each ticked by a key of its own', () => {
    const [{ steps }] = contributes.walkthroughs;
    assert.deepEqual(
      steps.map(({ id, completionEvents }) => [id, completionEvents]),
      walkthroughSteps.map((step) => [step, [`onContext:${stepKey(step)}`]]),
    );
  });
});
