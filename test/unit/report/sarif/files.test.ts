import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileLocation, folderUri } from '../../../../server/src/report/sarif/files';

const root = path.resolve('/repository');

describe('fileLocation', () => {
  it('is relative to the root, escaped, with slashes', () => {
    assert.deepEqual(fileLocation(path.join(root, 'models', 'größe #1%.pt'), root), {
      uri: 'models/gr%C3%B6%C3%9Fe%20%231%25.pt',
      uriBaseId: '%SRCROOT%',
    });
    assert.equal(fileLocation(path.join(root, '..models', 'a.pt'), root).uri, '..models/a.pt');
  });

  it('keeps blanks and control characters at the end of a name', () => {
    assert.equal(fileLocation(path.join(root, 'a '), root).uri, 'a%20');
    assert.equal(fileLocation(path.join(root, '\u0001'), root).uri, '%01');
  });

  it('is absolute outside of the root', () => {
    for (const file of [path.resolve('/elsewhere/a.pt'), path.resolve('/repository-2/a.pt'), root]) {
      assert.deepEqual(fileLocation(file, root), { uri: pathToFileURL(file).href });
    }
  });

  it('knows the root of all folders', () => {
    assert.equal(fileLocation(path.resolve('/a.pt'), path.resolve('/')).uri, 'a.pt');
  });

  it('leads back to the file by the address of the root', () => {
    const file = path.join(root, 'models', 'a b.pt');
    assert.equal(new URL(fileLocation(file, root).uri ?? '', folderUri(root)).href, pathToFileURL(file).href);
  });
});
