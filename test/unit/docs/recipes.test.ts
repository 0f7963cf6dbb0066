import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Log } from 'sarif';
import { parse } from 'yaml';
import { commandLine } from '../../../scripts/lib/product';
import { scanHelp } from '../../../server/src/cli/scan';
import { maliciousCheckpoint } from '../../support/maliciousCheckpoint';
import { sarifChecker } from '../../support/sarifSchema';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

const repository = path.resolve(__dirname, '../../..');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

/** The recipes for continuous integration in the README, as they are printed there. */
function recipes(): { workflow: Workflow; shell: string } {
  const readme = readFileSync(path.join(repository, 'README.md'), 'utf8');
  const section = readme.split(/^## /m).find((text) => text.startsWith('In continuous integration')) ?? '';
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(section)?.[1] ?? '';
  return { workflow: parse(block('yaml')) as Workflow, shell: block('sh') };
}

describe('the recipes for continuous integration', function () {
  this.timeout(60_000);
  const { workflow, shell } = recipes();
  const { steps } = workflow.jobs.scan;
  const scanStep = steps.find(({ run }) => run?.includes('scan ')) ?? {};
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  /** Runs a recipe in a repository with a model and data, where `.graphnad` is a clone of ours. */
  function runInRepository(
    script: string,
    files: Readonly<Record<string, Uint8Array>>,
  ): { code: number | null; out: string } {
    rmSync(at('repository'), { recursive: true, force: true });
    for (const folder of ['models', 'data', '.graphnad/dist'])
      mkdirSync(at(`repository/${folder}`), { recursive: true });
    cpSync(workspace().data, at('repository/data/AIDS'), { recursive: true });
    for (const [name, data] of Object.entries(files)) writeFileSync(at(`repository/models/${name}`), data);
    writeFileSync(at('repository/.graphnad/dist/cli.js'), `require(${JSON.stringify(commandLine)});\n`);
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
      cwd: at('repository'),
      encoding: 'utf8',
    });
    return { code: status, out: stdout + stderr };
  }

  it('run on pull requests, may upload findings, and upload what the scan wrote', () => {
    assert.ok('pull_request' in workflow.on);
    assert.equal(workflow.permissions['security-events'], 'write');
    const upload = steps.find(({ uses }) => uses?.startsWith('github/codeql-action/upload-sarif@'));
    assert.ok(scanStep.run?.includes(`--output ${upload?.with?.sarif_file}`));
    assert.ok(steps.indexOf(upload ?? {}) > steps.indexOf(scanStep));
  });

  it('build with a script that there is, and scan with options that there are', () => {
    const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
      bin: Record<string, string>;
    };
    const build = steps.find((step) => step['working-directory'] === '.graphnad');
    const script = /^npm run (\S+)$/.exec(build?.run ?? '')?.[1] ?? '';
    assert.ok(script in manifest.scripts, script);
    for (const text of [scanStep.run ?? '', shell]) {
      assert.ok(text.includes(`.graphnad/${manifest.bin.graphnad} scan models`));
      for (const [option] of text.matchAll(/--[a-z-]+/g)) assert.ok(scanHelp.includes(`  ${option} `), option);
    }
  });

  it('pass what they are not told to fail on, and fail on a model that runs code', () => {
    const model = readFileSync(workspace().model);
    const pass = runInRepository(`${scanStep.run} --fail-on never`, { 'gin.pt': model });
    assert.equal(pass.code, 0, pass.out);
    const fail = runInRepository(scanStep.run ?? '', { 'gin.pt': model, 'evil.pt': maliciousCheckpoint() });
    assert.equal(fail.code, 1, fail.out);
    const log = JSON.parse(readFileSync(at('repository/graphnad.sarif'), 'utf8')) as Log;
    assert.deepEqual(sarifChecker()(log), []);
    const [first] = log.runs[0].results?.[0].locations ?? [];
    assert.equal(first.physicalLocation?.artifactLocation?.uri, 'models/evil.pt');
  });

  it('tell findings from what could not be assessed in any shell', () => {
    const fail = runInRepository(shell, { 'evil.pt': maliciousCheckpoint() });
    assert.deepEqual([fail.code, fail.out.includes('findings: see scan.json')], [1, true]);
    const open = runInRepository(shell, { 'other.pt': Buffer.from('not a model') });
    assert.deepEqual([open.code, open.out.includes('not everything could be read or assessed')], [0, true]);
  });
});
