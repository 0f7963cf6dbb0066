import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodedComponent, encodedPath, toPath, toPaths, toUri } from '../../../server/src/lsp/fileUri';

describe('file URIs', () => {
  it('are spelled as VS Code spells them', () => {
    // Expected values: `vscode.Uri.file(path).toString()`.
    assert.equal(encodedPath('/a b/ü#?%.pt'), '/a%20b/%C3%BC%23%3F%25.pt');
    assert.equal(encodedPath("/x!'()*:@$&+,;=[]/y-._~.pt"), '/x%21%27%28%29%2A%3A%40%24%26%2B%2C%3B%3D%5B%5D/y-._~.pt');
    assert.equal(encodedPath('/C:/models/a.pt'), '/c%3A/models/a.pt');
    assert.equal(encodedComponent('file:///a b'), 'file%3A%2F%2F%2Fa%20b');
    if (process.platform !== 'win32') assert.equal(toUri('/m/a (1).pt'), 'file:///m/a%20%281%29.pt');
  });

  it('lead back to the path', () => {
    const segment = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[/\\\0]|^\.\.?$|[. ]$/.test(text));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        const root = process.platform === 'win32' ? 'c:\\' : '/';
        const path = root + segments.join(process.platform === 'win32' ? '\\' : '/');
        assert.equal(toPath(toUri(path)), path);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('of anything but files are refused', () => {
    for (const uri of ['https://example.org/a.pt', 'untitled:a.pt', 'nonsense', '']) {
      assert.throws(() => toPath(uri), /not a file on disk/);
    }
  });

  it('are picked from among others', () => {
    const file = toUri(process.cwd());
    assert.deepEqual(toPaths(['https://example.org/a.pt', file, 'nonsense']), [process.cwd()]);
  });
});
