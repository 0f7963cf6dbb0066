import assert from 'node:assert/strict';
import { similarWords } from '../../../../server/src/jobs/manifest/similarWords';

describe('similarWords', () => {
  const words = ['labels', 'labels-dense', 'degree', 'gin', 'gat', 'gatv2'];

  it('finds slips of the pen, the nearest first', () => {
    assert.deepEqual(similarWords('lables', words), ['labels']);
    assert.deepEqual(similarWords('DEGREE', words), ['degree']);
    assert.deepEqual(similarWords('gatv', words), ['gat', 'gatv2']);
    assert.deepEqual(similarWords('gni', words), ['gin']);
  });

  it('finds nothing where there is nothing', () => {
    assert.deepEqual(similarWords('transformer', words), []);
    assert.deepEqual(similarWords('', words), []);
  });
});
