import assert from 'node:assert/strict';
import { isPictureState, pictureState } from '../../../../client/attention/pictureState';
import { attentionGraph, attentionOverview } from '../../../support/attention';

const comparison = { beforeUri: 'file:///w/gin.pt', afterUri: 'file:///w/gin.purified.pt', dataUri: 'file:///w/AIDS' };
const state = pictureState(
  { comparison },
  { overview: attentionOverview, graph: attentionGraph, text: { before: '', after: '' } },
  ['gin.pt', 'gin.purified.pt'],
);

describe('pictureState', () => {
  it('says which graph it is among how many, and how else it can be looked at', () => {
    const { graph, dataName, views, rank, graphs } = state;
    assert.equal(graph, attentionGraph);
    assert.deepEqual([dataName, views, rank, graphs], ['AIDS', ['clean', 'triggered'], 1, 2]);
  });

  it('is known again after a reload, and one of another version is not', () => {
    assert.ok(isPictureState(JSON.parse(JSON.stringify(state))));
    for (const other of [undefined, null, 1, {}, { ...state, version: 0 }]) assert.ok(!isPictureState(other));
  });
});
