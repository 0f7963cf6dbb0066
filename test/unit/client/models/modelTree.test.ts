import assert from 'node:assert/strict';
import type { ModelEntry } from '../../../../protocol/models';
import { folderCounts, ModelTree, type TreeNode } from '../../../../client/models/modelTree';

const entry = (path: string, folder = 'file:///w', verdict: ModelEntry['verdict'] = 'no-sign'): ModelEntry => ({
  ...{ uri: `${folder}/${path}`, folder, verdict, text: verdict },
});
const tree = (): ModelTree => new ModelTree((uri) => uri.slice(uri.lastIndexOf('/') + 1));
const news = (changed: ModelEntry[], removed: string[] = []) => ({ changed, removed, searched: true });

/** Names with their depth, as a person sees them. */
function shown(nodes: readonly TreeNode[], depth = 0): string[] {
  return nodes.flatMap((node) => [
    ' '.repeat(depth) + node.name,
    ...(node.kind === 'folder' ? shown(node.children, depth + 1) : []),
  ]);
}

describe('ModelTree', () => {
  it('has folders first, in the order of their names, and numbers in their order', () => {
    const models = tree();
    models.update(news(['m10.pt', 'm2.pt', 'z/a.pt', 'B/c.pt', 'B/a.pt', 'z/y/b.pt'].map((path) => entry(path))));
    assert.deepEqual(shown(models.roots), ['B', ' a.pt', ' c.pt', 'z', ' y', '  b.pt', ' a.pt', 'm2.pt', 'm10.pt']);
  });

  it('shows folders that hold one folder alone in one line with it', () => {
    const models = tree();
    models.update(news([entry('a/b/c/x.pt'), entry('a/b/d/y.pt')]));
    assert.deepEqual(shown(models.roots), ['a/b', ' c', '  x.pt', ' d', '  y.pt']);
    assert.equal(models.roots[0].id, 'file:///w/a/b');
  });

  it('names workspace folders only where there are several', () => {
    const models = tree();
    models.update(news([entry('a.pt', 'file:///two')]));
    assert.deepEqual(shown(models.roots), ['a.pt']);
    models.update(news([entry('b.pt', 'file:///one')]));
    assert.deepEqual(shown(models.roots), ['one', ' b.pt', 'two', ' a.pt']);
    models.update(news([], ['file:///two/a.pt']));
    assert.deepEqual(shown(models.roots), ['b.pt']);
  });

  it('shows names as they are on disk', () => {
    const models = tree();
    models.update(news([entry('my%20models/a%25.pt'), entry('100%/b.pt')]));
    assert.deepEqual(shown(models.roots), ['100%', ' b.pt', 'my models', ' a%.pt']);
  });

  it('tells which lines look different when a verdict comes, the folders above among them', () => {
    const models = tree();
    models.update(news([entry('a/b.pt'), entry('a/c.pt'), entry('d.pt')]));
    const [folder] = models.roots;
    const changed = models.update(news([entry('a/c.pt', 'file:///w', 'likely')]));
    assert.deepEqual(changed?.map(({ id }) => id).sort(), ['file:///w/a', 'file:///w/a/c.pt']);
    assert.equal(models.roots[0], folder);
    assert.deepEqual(folder.kind === 'folder' && folderCounts(folder), { models: 2, flagged: 1 });
    assert.deepEqual(models.counts, { models: 3, flagged: 1 });
  });

  it('says that the shape is another one when files come and go', () => {
    const models = tree();
    assert.equal(models.update(news([entry('a.pt')])), undefined);
    assert.deepEqual(models.update(news([], ['file:///w/unknown.pt'])), []);
    assert.equal(models.update(news([], ['file:///w/a.pt'])), undefined);
    assert.deepEqual(models.roots, []);
    models.update(news([entry('a.pt')]));
    models.clear();
    assert.deepEqual(models.roots, []);
  });

  it('takes a thousand models, and news of them, in little time', () => {
    const models = tree();
    const start = process.cpuUsage();
    const all = Array.from({ length: 1000 }, (_, i) => entry(`f${i % 30}/g${i % 7}/${i}.pt`));
    models.update(news(all));
    for (const one of all) models.update(news([{ ...one, verdict: 'likely' }]));
    const { user } = process.cpuUsage(start);
    assert.ok(user < 500_000, `${user} µs`);
    assert.deepEqual(models.counts, { models: 1000, flagged: 1000 });
  });
});
