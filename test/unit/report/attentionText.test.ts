import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { attentionSummaryText, attentionText } from '../../../server/src/report/attentionText';
import { appendingGraph, attentionGraph, attentionOverview } from '../../support/attention';

const nameOf = (file: string): string => path.posix.relative('/w', file);

describe('attentionText', () => {
  it('says what was looked at and how, then layers, then nodes by id', () => {
    const { before } = attentionText(attentionOverview, attentionGraph, { nameOf });
    assert.deepEqual(before.split('\n'), [
      'Attention of models/gin.pt',
      'graph 17 of data/AIDS   4 nodes, 3 edges   class 1   predicted 0   with the trigger',
      'trigger found by the scan, toward class 0: 2-node clique put on hub nodes',
      'p 2, degree weighting: propagate, unit length per graph',
      '',
      'layer 1   top 5% share 25%   Gini 0.00   entropy 1.00',
      '   node  label  degree  attention',
      '    1:0      9       1  0.50  ##########',
      '    1:1     10       3  0.50  ##########  trigger',
      '    1:2     -2       1  0.50  ##########  trigger',
      '    1:3      -       1  0.50  ##########',
      '',
      'layer 2   top 5% share 49%   Gini 0.35   entropy 0.77',
      '   node  label  degree  attention',
      '    2:0      9       1  0.02',
      '    2:1     10       3  0.81  ################  trigger',
      '    2:2     -2       1  0.40  ########  trigger',
      '    2:3      -       1  0.42  ########',
      '',
    ]);
  });

  it('differs between the sides where attention moved, and nowhere else', () => {
    const { before, after } = attentionText(attentionOverview, attentionGraph, { nameOf });
    const [left, right] = [before, after].map((text) => text.split('\n'));
    assert.equal(left.length, right.length);
    const moved = left.flatMap((line, i) => (line === right[i] ? [] : [line.trim().split(/ +/)[0]]));
    assert.deepEqual(moved, ['Attention', 'graph', 'layer', '2:0', '2:1', '2:2', '2:3']);
    assert.equal(
      right[left.findIndex((line) => line.includes('2:1'))],
      '    2:1     10       3  0.50  ##########  trigger',
    );
  });

  it('has no line of one layer that could pass for one of another', () => {
    const { before } = attentionText(attentionOverview, attentionGraph);
    const nodes = before.split('\n').filter((line) => / \d+:\d+ /.test(line));
    assert.equal(new Set(nodes).size, 8);
  });

  it('keeps a line for a node that one side has not got', () => {
    const { before, after } = attentionText(attentionOverview, appendingGraph, { nameOf });
    const line = (text: string): string | undefined => text.split('\n').find((candidate) => /^ +1:4 /.test(candidate));
    assert.equal(line(before), '    1:4      -       -  not in this graph  trigger');
    assert.equal(line(after), '    1:4      7       1  0.31  ######  trigger');
    assert.equal(before.split('\n').length, after.split('\n').length);
    assert.match(before, /without the trigger$/m);
    assert.match(after, /with the trigger$/m);
  });

  it('keeps its columns whatever the labels are', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer()), { minLength: 4, maxLength: 4 }), (labels) => {
        const side = { ...attentionGraph.before, labels };
        const { before } = attentionText(attentionOverview, { ...attentionGraph, before: side });
        const columns = before.split('\n').flatMap((line) => (/^ +1:\d/.test(line) ? [line.indexOf('#')] : []));
        assert.equal(new Set(columns).size, 1);
      }),
    );
  });

  it('shows names from files with what steers a terminal escaped', () => {
    const { before } = attentionText(attentionOverview, attentionGraph, { nameOf: () => 'a\u001b[2Jb' });
    assert.ok(before.startsWith('Attention of a\\u{1b}[2Jb\n'));
  });
});

describe('attentionSummaryText', () => {
  it('lists the graphs that changed most, with the trigger in them', () => {
    assert.equal(
      attentionSummaryText(attentionOverview, { nameOf }),
      `Attention of models/gin.pt and models/gin.purified.pt
2 graphs of data/AIDS with the trigger in them
trigger found by the scan, toward class 0: 2-node clique put on hub nodes
note: readout settled by clean labels: sum

graph  class  nodes  change  predicted before  after
-----  -----  -----  ------  ----------------  -----
21         1     12    0.35                 0      0
17         1      4    0.21                 0      1

Change: 0 where attention is the same, 1 where it lies on other nodes altogether; mean over layers.
`,
    );
  });

  it('lists graphs as they are where there is no trigger, and no more than asked for', () => {
    const ranked = { ...attentionOverview.ranked, triggered: [] };
    const text = attentionSummaryText({ ...attentionOverview, trigger: undefined, ranked }, { nameOf, most: 2 });
    assert.match(text, /^3 graphs of data\/AIDS, the 2 that changed most$/m);
    assert.match(text, /^21 {9}1 {5}12 {4}0\.03/m);
    assert.doesNotMatch(text, /trigger|^3 {3}/m);
  });
});
