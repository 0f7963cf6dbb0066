import assert from 'node:assert/strict';
import path from 'node:path';
import { nameInWorkspace } from '../../../server/src/lsp/names';

describe('names of files for people', () => {
  const at = (...parts: string[]): string => path.join(path.sep, 'w', ...parts);
  const index = (...roots: string[]) => ({
    rootOf: (file: string) => roots.find((root) => file === root || file.startsWith(root + path.sep)),
    rootCount: roots.length,
  });

  it('are paths in the workspace, with the folder where there are several', () => {
    assert.equal(nameInWorkspace(index(at('one')), at('one', 'models', 'gin.pt')), 'models/gin.pt');
    assert.equal(nameInWorkspace(index(at('one'), at('two')), at('two', 'gin.pt')), 'two/gin.pt');
  });

  it('are whole paths elsewhere', () => {
    assert.equal(nameInWorkspace(index(at('one')), at('elsewhere', 'gin.pt')), at('elsewhere', 'gin.pt'));
    assert.equal(nameInWorkspace(index(at('one')), at('one')), at('one'));
  });
});
