import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PurifyReport } from '../../../protocol/reports';
import { purifyArguments } from '../../../server/src/cli/purify';
import { purifyTask } from '../../../server/src/cli/purifyTask';
import { purifyCommandLine } from '../../../server/src/jobs/purifyCommandLine';
import { purifyModel } from '../../../server/src/jobs/purifyTask';
import type { PurifyTask } from '../../../server/src/jobs/tasks';
import { useTinyWorkspace } from '../../support/tinyWorkspace';
import { useTmpFolder } from '../../support/tmpFolder';

const used = { features: 'labels', backend: 'graphnad' } as const;

describe('purifyCommandLine', () => {
  it('repeats what was asked for, quoted where a shell needs it', () => {
    const line = purifyCommandLine(
      {
        kind: 'purify',
        model: "/a b/it's.pt",
        data: '/data/X',
        output: '/out.pt',
        holdingRate: 0.05,
        idFiles: { clean: '/ids/clean.json' },
        seed: 7,
        splitSeed: 3,
        architecture: { readout: 'mean' },
        method: 'finetune',
        trigger: '/t.json',
        benign: '/b.pt',
      },
      used,
    );
    assert.equal(
      line,
      "graphnad purify '/a b/it'\\''s.pt' --no-manifest --data /data/X --features labels --holding-rate 0.05 " +
        '--clean-ids /ids/clean.json --readout mean --method finetune --trigger /t.json --benign /b.pt ' +
        '--backend graphnad --seed 7 --split-seed 3 --out /out.pt',
    );
  });

  it('has the settings of the method and of the architecture, unless a file that is named has them', () => {
    const task = {
      kind: 'purify',
      model: '/m.pt',
      data: '/d',
      output: '/o.pt',
      options: { teacherRounds: 16 },
      architecture: { readout: 'mean', tensors: { a: "b'" } },
      seed: 4,
      splitSeed: 4,
    } as const;
    const line = purifyCommandLine(task, used);
    assert.match(line, / --options '\{"teacherRounds":16\}' /);
    assert.match(line, / --architecture '\{"readout":"mean","tensors":\{"a":"b'\\''"\}\}' /);
    assert.doesNotMatch(line, /--readout|--split-seed/);
    const { options, architecture } = task;
    const repeats = { file: '/r.json', config: { options: { ...options }, architecture }, bound: [] };
    assert.doesNotMatch(purifyCommandLine({ ...task, repeats }, used), /--options|--architecture/);
    assert.doesNotMatch(
      purifyCommandLine({ ...task, options: {}, architecture: {} }, used),
      /--options|--architecture/,
    );
  });
});

// The line is for a POSIX shell.
(process.platform === 'win32' ? describe.skip : describe)('the line of a purification', function () {
  this.timeout(120_000);
  const workspace = useTinyWorkspace();
  const at = useTmpFolder();

  const taskOf = (...words: string[]): Promise<PurifyTask> => purifyTask(purifyArguments(words));
  const run = (task: PurifyTask): Promise<PurifyReport> =>
    purifyModel(task, { signal: new AbortController().signal, progress: () => undefined });

  /** Takes a line apart as a shell does. */
  const wordsOf = (line: string): string[] => {
    const printed = line.replace(/^graphnad purify /, "printf '%s\\0' ");
    return execFileSync('/bin/sh', ['-c', printed], { encoding: 'utf8' }).split('\0').slice(0, -1);
  };

  /** All that the bytes follow from, with what was left open settled. */
  const settled = ({ features, backend, seed, splitSeed = seed, ...others }: PurifyTask): object => ({
    ...{ ...others, idFiles: undefined },
    ...{ seed, splitSeed, features: features ?? used.features, backend: backend ?? used.backend },
  });

  const say = (manifest: string, architecture: object, seed: number, fineTuneEpochs: number): void => {
    const purify = { holdingRate: 0.2, method: 'finetune', options: { fineTuneEpochs } };
    const model = { model: 'gin.pt', data: { folder: 'data/TINY', testIds: 'ids.json' }, architecture, seed, purify };
    writeFileSync(manifest, JSON.stringify({ models: [model] }));
  };

  it('gives the same bytes, whatever said what they follow from', async () => {
    const folder = at("it's here");
    cpSync(workspace().folder, folder, { recursive: true });
    const [model, manifest, ids] = ['gin.pt', 'graphnad.json', 'ids.json'].map((name) => path.join(folder, name));
    writeFileSync(ids, JSON.stringify(Array.from({ length: 24 }, (_, i) => 2 * i)));
    say(manifest, { readout: 'sum', activation: 'tanh' }, 5, 2);
    const first = await taskOf(model, '--manifest', manifest);
    const report = await run(first);
    assert.equal(report.architecture.activation, 'tanh');

    // What the manifest says by now is another thing.
    say(manifest, { readout: 'max' }, 6, 1);
    const config = path.join(folder, 'config.json');
    writeFileSync(
      config,
      JSON.stringify({ options: { fineTuneEpochs: 3 }, architecture: { jumping: 'sum' }, seed: 9 }),
    );
    const mixed = await taskOf(model, ...['--manifest', manifest, '--config', config, '--clean-ids', ids]);
    const seeded = { ...first, options: { method: 'nad' as const, attentionPower: 1 }, seed: 2, splitSeed: 1 };
    for (const task of [first, mixed, { ...seeded, method: undefined, architecture: { readout: 'max' as const } }]) {
      assert.deepEqual(settled(await taskOf(...wordsOf(purifyCommandLine(task, used)))), settled(task));
    }

    renameSync(report.output, path.join(folder, 'first.pt'));
    const again = await run(await taskOf(...wordsOf(report.commandLine)));
    assert.deepEqual(readFileSync(report.output), readFileSync(path.join(folder, 'first.pt')));
    assert.equal(again.commandLine, report.commandLine);
  });
});
