import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  findNodeForTensorFlow,
  judgeRuntime,
  readNodeRuntime,
  RuntimeError,
  runsTensorFlow,
} from '../../../../client/runtime/nodeRuntime';
import { useTmpFolder } from '../../../support/tmpFolder';

function refused(reason: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof RuntimeError && reason.test(error.reason) && error.message.startsWith(error.path);
}

describe('readNodeRuntime', () => {
  const at = useTmpFolder();

  it('knows the Node.js that runs this', async () => {
    assert.deepEqual(await readNodeRuntime(process.execPath), {
      path: process.execPath,
      version: process.versions.node,
    });
  });

  it('refuses what is not an absolute path, is not there, or is a folder', async () => {
    await assert.rejects(readNodeRuntime('node'), refused(/^is not an absolute path$/));
    await assert.rejects(readNodeRuntime(at('node')), refused(/^does not exist$/));
    await assert.rejects(readNodeRuntime(at()), refused(/^is a folder/));
  });

  it('refuses files that are no programs', async () => {
    writeFileSync(at('text'), 'not a program', { mode: 0o644 });
    await assert.rejects(readNodeRuntime(at('text')), refused(/^is not (executable|Node\.js)/));
    writeFileSync(at('empty'), '', { mode: 0o755 });
    await assert.rejects(readNodeRuntime(at('empty')), refused(/^is not Node\.js/));
  });
});

describe('judgeRuntime', () => {
  it('takes Node.js from 20.19 on', () => {
    for (const version of ['20.19.0', '22.0.0', '24.11.1', '26.0.0']) {
      assert.deepEqual(judgeRuntime('/node', `node ${version}`), { path: '/node', version });
    }
  });

  it('refuses older ones and other programs', () => {
    assert.throws(() => judgeRuntime('/node', 'node 18.20.4'), refused(/^is Node\.js 18\.20\.4, and 20\.19 or later/));
    assert.throws(() => judgeRuntime('/node', 'node 20.18.3'), refused(/^is Node\.js 20\.18\.3/));
    for (const answer of ['', 'Python 3.11.7', 'usage: node']) {
      assert.throws(() => judgeRuntime('/python', answer), refused(/^is not Node\.js/));
    }
  });
});

describe('runsTensorFlow', () => {
  it('holds for Node.js 20.19 to 22', () => {
    const versions = ['18.20.4', '20.18.0', '20.19.0', '22.21.0', '23.0.0', '24.11.1'];
    assert.deepEqual(
      versions.filter((version) => runsTensorFlow({ version })),
      ['20.19.0', '22.21.0'],
    );
  });
});

describe('findNodeForTensorFlow', () => {
  const at = useTmpFolder();

  it('looks through the search path', async () => {
    const searchPath = [at('nowhere'), at(), path.dirname(process.execPath)].join(path.delimiter);
    const found = await findNodeForTensorFlow(searchPath);
    const here = { path: process.execPath, version: process.versions.node };
    assert.deepEqual(found, runsTensorFlow(here) ? here : undefined);
    assert.equal(await findNodeForTensorFlow(at()), undefined);
  });
});
