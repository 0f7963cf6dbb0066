/** Places in the repository that scripts and tests share. */
import path from 'node:path';

export const repositoryRoot = path.resolve(__dirname, '../..');
/** Everything fetched or made for test hosts; git-ignored and safe to delete. */
export const hostFolder = path.join(repositoryRoot, '.vscode-test');
/** Bundled tests, packages and result files; git-ignored. */
export const outFolder = path.join(repositoryRoot, 'out');
/** Screenshots and logs of driven workbenches; git-ignored. */
export const testResultsFolder = path.join(repositoryRoot, 'test-results');
/** The package that hosts install in tests. */
export const packageFile = path.join(outFolder, 'graphnad.vsix');
