import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { ByteBudget } from '../../../../server/src/jobs/remote/byteBudget';

describe('ByteBudget', () => {
  it('lets in what there is room for, in the order of asking', async () => {
    const budget = new ByteBudget(10);
    const inside: string[] = [];
    const enter = async (name: string, bytes: number): Promise<() => void> => {
      const leave = await budget.enter(bytes);
      inside.push(name);
      return leave;
    };
    const first = await enter('first', 6);
    const large = enter('large', 100);
    const small = enter('small', 1);
    await turn();
    assert.deepEqual(inside, ['first'], 'small does not overtake large');
    first();
    first();
    const leaveLarge = await large;
    await turn();
    assert.deepEqual(inside, ['first', 'large'], 'what is larger than the room is alone');
    leaveLarge();
    (await small)();
    (await enter('last', 10))();
    assert.deepEqual(inside, ['first', 'large', 'small', 'last']);
  });
});
