import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const repository = path.resolve(__dirname, '../../..');
const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/grids/README.md', 'examples/README.md'],
  ...['docs', 'docs/findings', 'docs/results', 'media/walkthrough'].flatMap((folder) =>
    readdirSync(path.join(repository, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];

const textOf = (file: string): string =>
  readFileSync(path.join(repository, file), 'utf8').replace(/^```.*?^```/gms, '');

/** What links can lead to in a document: its headings, in the way GitHub names them. */
function anchors(file: string): Set<string> {
  const headings = [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

describe('links between documents', () => {
  for (const document of documents) {
    it(`of ${document} lead to files and headings that are there`, () => {
      for (const [, link] of textOf(document).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [file, anchor] = link.split('#');
        const target = file === '' ? document : path.posix.join(path.posix.dirname(document), file);
        assert.ok(existsSync(path.join(repository, target)), link);
        if (anchor !== undefined) assert.ok(anchors(target).has(anchor), link);
      }
    });
  }
});
