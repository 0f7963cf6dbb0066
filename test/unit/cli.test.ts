import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log } from 'sarif';
import type { PurifyReport, ScanReport, UnreadFile } from '../../protocol/reports';
import { commandLine } from '../../scripts/lib/product';
import { checkpointCalling, maliciousCheckpoint } from '../support/maliciousCheckpoint';
import { sarifChecker } from '../support/sarifSchema';
import { useTinyWorkspace } from '../support/tinyWorkspace';
import { useTmpFolder } from '../support/tmpFolder';

const repository = path.resolve(__dirname, '../..');

/** Runs the command in a process of its own, as it was built: it starts processes itself, and sources load slowly. */
function graphnad(...argv: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine, ...argv], {
    cwd: repository,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('graphnad', function () {
  this.timeout(120_000);
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  it('tells its version and its commands, and refuses others with exit code 64', () => {
    assert.match(graphnad('--version').out, /^\d+\.\d+\.\d+\n$/);
    const help = graphnad('--help');
    assert.deepEqual([help.code, help.err], [0, '']);
    assert.match(help.out, /graphnad purify MODEL/);
    // Every command is told of in whole sentences.
    const told = help.out.split('\n\n').filter((part) => part.includes('\n'));
    assert.deepEqual(
      told.filter((part) => !part.trimEnd().endsWith('.')),
      [],
    );
    assert.match(graphnad('scan', '-h').out, /--fail-on LEVEL/);
    assert.equal(graphnad('toString').code, 64);
    const wrong = graphnad('predict', 'a.pt');
    assert.deepEqual([wrong.code, wrong.out], [64, '']);
    assert.match(wrong.err, /--data is missing/);
  });

  it('inspects', () => {
    const { code, out } = graphnad('inspect', workspace().model, '--json');
    assert.equal(code, 0);
    const inspection = JSON.parse(out) as { tensors: { name: string }[]; architecture: { layers: number } };
    assert.equal(inspection.architecture.layers, 2);
    assert.ok(inspection.tensors.some((tensor) => tensor.name === 'convs.0.nn.0.weight'));
  });

  it('converts to safetensors, and not over a file that is there', () => {
    const output = at('gin.safetensors');
    const { code, out } = graphnad('convert', workspace().model, '--out', output, '--json');
    assert.equal(code, 0);
    const { tensors } = JSON.parse(out) as { tensors: number };
    const inspected = JSON.parse(graphnad('inspect', output, '--json').out) as { format: string; tensors: unknown[] };
    assert.deepEqual([inspected.format, inspected.tensors.length], ['safetensors', tensors]);
    const again = graphnad('convert', workspace().model, '--out', output);
    assert.deepEqual([again.code, again.out], [2, '']);
    assert.match(again.err, /already exists/);
    assert.equal(graphnad('convert', workspace().model).code, 64);
  });

  it('scans a folder: one JSON document, exit code 1 for an error found', () => {
    writeFileSync(path.join(at(), 'evil.pt'), maliciousCheckpoint());
    const { code, out, err } = graphnad('scan', at(), '--json');
    assert.equal(code, 1);
    const { exitCode, reports, unread } = JSON.parse(out) as {
      exitCode: number;
      reports: ScanReport[];
      unread: unknown[];
    };
    assert.equal(exitCode, 1);
    assert.deepEqual(unread, []);
    assert.deepEqual(
      reports.map((report) => [path.basename(report.file), report.findings[0].code]),
      [['evil.pt', 'GN101']],
    );
    assert.match(err, /^1 model file: 1 with errors$/m);
  });

  it('ends as it would where nobody reads to the end, and says where a result was lost', async () => {
    writeFileSync(path.join(at(), 'evil.pt'), maliciousCheckpoint());
    const argv = [commandLine, 'scan', at(), '--code-only'];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const [code] = (await once(child, 'close')) as [number];
    assert.deepEqual([code, said.join('')], [1, '1 model file: 1 with errors\n']);
    if (!existsSync('/dev/full')) return;
    const full = openSync('/dev/full', 'w');
    const unread = [commandLine, 'inspect', workspace().model, '--json'];
    const lost = spawnSync(process.execPath, unread, { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
    closeSync(full);
    assert.equal(lost.status, 2);
    assert.match(lost.stderr, /^graphnad: the result could not be written to standard output: ENOSPC.*\n$/);
  });

  it('scans with what data it finds, and names what to fail on', () => {
    const found = graphnad('scan', workspace().folder, '--fail-on', 'never');
    assert.equal(found.code, 0);
    assert.match(found.out, /Recognised as GIN, 2 layers/);
    assert.match(found.out, /Verdict: /);
    writeFileSync(path.join(at(), 'unknown.pt'), checkpointCalling('my_package', 'Model'));
    const unknown = ['scan', path.join(at(), 'unknown.pt'), '--code-only'];
    assert.equal(graphnad(...unknown).code, 0);
    assert.equal(graphnad(...unknown, '--fail-on', 'warning').code, 1);
    assert.equal(graphnad(...unknown, '--fail-on', 'information').code, 64);
    const both = graphnad(...unknown, '--json', '--format', 'sarif');
    assert.deepEqual([both.code, both.out], [64, '']);
    assert.match(both.err, /--json and --format sarif contradict each other/);
  });

  it('writes several models and folders into one SARIF file that is valid, relative to the root', () => {
    mkdirSync(at('models'));
    writeFileSync(path.join(at('models'), 'evil 1.pt'), maliciousCheckpoint());
    const sarif = ['--format', 'sarif', '--output', at('log.sarif')];
    const { code, out, err } = graphnad('scan', at('models'), workspace().model, ...sarif, '--root', at());
    assert.deepEqual([code, out], [1, ''], err);
    const log = JSON.parse(readFileSync(at('log.sarif'), 'utf8')) as Log;
    assert.deepEqual(sarifChecker()(log), []);
    const [{ results = [], invocations = [], automationDetails }] = log.runs;
    assert.deepEqual(
      results.map(({ ruleId, kind, locations = [] }) => [
        ruleId,
        kind,
        locations[0].physicalLocation?.artifactLocation?.uri,
      ]),
      [
        ['GN101', 'fail', 'models/evil%201.pt'],
        ['GN901', 'open', 'models/evil%201.pt'],
        // A single file brings no folder to look for data in: not assessed, and said so.
        ['GN904', 'open', pathToFileURL(workspace().model).href],
      ],
    );
    assert.equal(invocations[0].exitCode, 1);
    assert.equal(automationDetails?.id, 'graphnad/scan/');
    const [finding] = results;
    const moved = graphnad('scan', at('models'), '--format', 'sarif', '--seed', '7', '--category', 'nightly');
    const again = (JSON.parse(moved.out) as Log).runs[0];
    assert.deepEqual(again.results?.[0].partialFingerprints, finding.partialFingerprints);
    assert.equal(again.automationDetails?.id, 'nightly/');
    assert.equal(graphnad('scan', at('models'), '--category', 'a b').code, 64);
  });

  it('answers 2 where something was not assessed, there was nothing to scan, or it cannot be written', () => {
    assert.equal(graphnad('scan', workspace().model).code, 2);
    mkdirSync(at('empty'));
    assert.equal(graphnad('scan', at('empty')).code, 2);
    const missing = graphnad('scan', at('none'));
    assert.equal(missing.code, 2);
    assert.match(missing.err, /none: there is no such file or folder/);
    const before = readFileSync(workspace().model);
    const over = graphnad('scan', workspace().model, '--code-only', '--output', workspace().model);
    assert.equal(over.code, 2);
    assert.match(over.err, /this is the input file, which is never changed/);
    assert.deepEqual(readFileSync(workspace().model), before);
  });

  it('looks at code where the manifest beside a model is broken, and assesses nothing by it', () => {
    writeFileSync(path.join(at(), 'evil.pt'), maliciousCheckpoint());
    cpSync(workspace().model, at('gin.pt'));
    writeFileSync(at('graphnad.json'), '{"data": ');
    const { code, out, err } = graphnad('scan', at(), '--data', workspace().data, '--json');
    const { reports } = JSON.parse(out) as { reports: ScanReport[] };
    assert.equal(code, 1, err);
    const found = reports.map(({ file, findings }) => [path.basename(file), ...findings.map((one) => one.code)]);
    assert.deepEqual(found, [
      ['evil.pt', 'GN101', 'GN906'],
      ['gin.pt', 'GN906'],
    ]);
    assert.match(err, /graphnad\.json: line 1, column 10: Expected a value/);
    const onto = graphnad('scan', at(), '--code-only', '--output', at('graphnad.json'));
    assert.match(onto.err, /this is the input file, which is never changed/);
  });

  it('scans the others where one file cannot be read, and answers 2', () => {
    const locked = path.join(at(), 'gone.pt');
    symlinkSync(at('nowhere.pt'), locked);
    cpSync(workspace().folder, at('copy'), { recursive: true });
    const { code, out, err } = graphnad('scan', at(), '--code-only', '--json');
    const { reports, unread } = JSON.parse(out) as { reports: ScanReport[]; unread: UnreadFile[] };
    assert.equal(code, 2, err);
    assert.equal(reports.length, 1);
    assert.deepEqual(unread, [{ file: locked, reason: 'there is no such file' }]);
    const alone = graphnad('scan', at(), '--code-only', '--json', '--jobs', '1', '--threads', '1');
    assert.deepEqual([alone.code, alone.out], [code, out], 'whatever is scanned at the same time');
  });

  it('purifies into a new file, and never over one', () => {
    const argv = ['purify', workspace().model, '--data', workspace().data, '--method', 'finetune', '--out', at('p.pt')];
    const first = graphnad(...argv, '--holding-rate', '0.2', '--json');
    assert.equal(first.code, 0, first.err);
    const report = JSON.parse(first.out) as PurifyReport;
    assert.equal(report.output, at('p.pt'));
    assert.ok(existsSync(at('p.pt')));
    const again = graphnad(...argv, '--holding-rate', '0.2');
    assert.equal(again.code, 2);
    assert.match(again.err, /p\.pt: a file of this name already exists/);
  });

  it('purifies by a receipt: the same bytes, whatever the defaults', () => {
    const argv = ['purify', workspace().model, '--data', workspace().data, '--method', 'nad', '--holding-rate', '0.2'];
    const brief = ['--options', '{"fineTuneEpochs": 12, "distillationEpochs": 9}'];
    const first = graphnad(...argv, ...brief, '--seed', '7', '--out', at('first.pt'), '--receipt', at('receipt.json'));
    assert.equal(first.code, 0, first.err);
    const second = graphnad('purify', '--config', at('receipt.json'), '--out', at('second.pt'));
    assert.equal(second.code, 0, second.err);
    assert.match(second.err, /The purified file has the same bytes as the one of the receipt/);
    assert.deepEqual(readFileSync(at('second.pt')), readFileSync(at('first.pt')));

    const other = ['--config', at('receipt.json'), '--method', 'finetune', '--out', at('other.pt')];
    assert.match(graphnad('purify', ...other).err, /not the one of the receipt: method finetune instead of nad/);
    writeFileSync(at('receipt.json'), '{"seed": "seven"}');
    const wrong = graphnad(...argv, '--config', at('receipt.json'), '--out', at('wrong.pt'));
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /receipt\.json: seed: expected a number, found "seven"/);
    const none = graphnad('purify', '--config', at('none.json'));
    assert.deepEqual([none.code, none.err], [2, `graphnad: ${at('none.json')}: there is no such file\n`]);
    // What a file holds must not steer the terminal.
    writeFileSync(at('receipt.json'), '\u001b[31m');
    assert.match(graphnad('purify', '--config', at('receipt.json')).err, /this is not JSON: .*\\u\{1b\}\[31m/);
    assert.match(graphnad('purify').err, /the model file is missing/);
  });

  it('compares the attention of models: a table, one graph as text, JSON', () => {
    const { model, data } = workspace();
    const trigger = { target: 1, nodes: 2, edges: [[0, 1]], labels: null, features: null, attach: 'replace-degree' };
    writeFileSync(path.join(at(), 'trigger.json'), JSON.stringify(trigger));
    const run = (...argv: string[]): ReturnType<typeof graphnad> =>
      graphnad('attention', ...argv, '--data', data, '--trigger', path.join(at(), 'trigger.json'));
    const table = run(model);
    assert.equal(table.code, 0, table.err);
    assert.match(table.out, /^Attention of .*gin\.pt without the trigger and with the trigger$/m);
    const [, id] = /^graph +class.*\n[- ]+\n(\d+)/m.exec(table.out) ?? [];
    const sides = run(model, model, '--graph', id).out.split(/^(?=Attention of )/m);
    assert.equal(sides.length, 2);
    assert.equal(sides[0].trimEnd(), sides[1].trimEnd(), 'one file twice has one attention');
    assert.match(sides[0], new RegExp(`^graph ${id} of .*TINY   \\d+ nodes`, 'm'));
    const json = run(model, model, '--view', 'clean', '--json');
    const { graph } = JSON.parse(json.out) as { graph: { change: number; view: string } };
    assert.deepEqual([graph.change, graph.view], [0, 'clean']);
    assert.equal(run(model, '--graph', 'x').code, 64);
  });

  it('predicts and evaluates', () => {
    const data = ['--data', workspace().data];
    const prediction = JSON.parse(graphnad('predict', workspace().model, ...data, '--graphs', '0,5').out) as {
      logits: number[][];
      graphs: number[];
    };
    assert.deepEqual(prediction.graphs, [0, 5]);
    assert.deepEqual(
      prediction.logits.map((row) => row.length),
      [2, 2],
    );
    const evaluation = JSON.parse(graphnad('evaluate', workspace().model, ...data, '--json').out) as { acc: number };
    assert.ok(evaluation.acc > 0.5);
  });

  it('trains models, clean and backdoored, that the other commands take', () => {
    const data = ['--data', workspace().data];
    const size = ['--layers', '2', '--hidden', '16', '--epochs', '12', '--lr', '0.01'];
    const clean = graphnad('train', ...data, ...size, '--arch', 'gcn', '--out', at('clean.pt'));
    assert.equal(clean.code, 0, clean.err);
    assert.match(clean.err, /^accuracy \d+\.\d% on 24 graphs held back/);
    const attack = ['attack', ...data, ...size, '--out', at('bad.pt'), '--trigger', at('trigger.json')];
    assert.match(graphnad(...attack).err, /--kind is missing/);
    const made = graphnad(...attack, '--kind', 'topology', '--target', '1', '--poison-rate', '0.2', '--json');
    assert.equal(made.code, 0, made.err);
    const report = JSON.parse(made.out) as { asr: number; poisoned: number[] };
    assert.equal(report.poisoned.length, 19);
    const measured = graphnad('evaluate', at('bad.pt'), ...data, '--trigger', at('trigger.json'), '--json');
    assert.equal((JSON.parse(measured.out) as { asr: number }).asr, report.asr);
    assert.equal(graphnad(...attack, '--kind', 'topology').code, 2);
    assert.equal(graphnad('attack', '--kind', 'topology', ...data, '--out', at('other.pt')).code, 64);
  });
});
