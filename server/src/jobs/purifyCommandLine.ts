import type { RunSettings } from '../../../protocol/reports';
import { canonicalJson } from './canonicalJson';
import { shellWord } from './shellWord';
import type { PurifyTask } from './tasks';

/**
 * The command that makes the same file again, quoted for a POSIX shell. Everything that a manifest said is in it, so that
 * it goes by none.
 *
 * @param used what the run came to where it was left open
 */
export function purifyCommandLine(
  task: PurifyTask,
  { features, backend }: Pick<RunSettings, 'features' | 'backend'>,
): string {
  const { repeats, seed = 0, splitSeed = seed } = task;
  const options: [string, string | undefined][] = [
    ['--config', repeats?.file],
    ['--data', task.data],
    ['--features', features],
    ['--holding-rate', task.holdingRate?.toString()],
    ['--clean-ids', task.idFiles?.clean],
    ['--test-ids', task.idFiles?.test],
    ...architectureOptions(task),
    ['--method', task.method],
    // Those of a file named by --config are taken from there.
    ['--options', jsonUnless(task.options, repeats?.config.options)],
    ['--trigger', task.trigger],
    ['--benign', task.benign],
    ['--backend', backend],
    ['--seed', seed.toString()],
    ['--split-seed', splitSeed === seed ? undefined : splitSeed.toString()],
    ['--out', task.output],
  ];
  const parts = options.flatMap(([name, value]) => (value === undefined ? [] : [name, shellWord(value)]));
  return ['graphnad purify', shellWord(task.model), '--no-manifest', ...parts].join(' ');
}

function architectureOptions({ architecture, repeats }: PurifyTask): [string, string | undefined][] {
  const { readout, ...others } = architecture ?? {};
  return Object.keys(others).length === 0
    ? [['--readout', readout]]
    : [['--architecture', jsonUnless(architecture, repeats?.config.architecture)]];
}

/** As JSON, unless there is nothing in it or it is what another place says. */
function jsonUnless(value: object | undefined, elsewhere: object | undefined): string | undefined {
  const text = JSON.stringify(value ?? {});
  return text === '{}' || canonicalJson(value) === canonicalJson(elsewhere) ? undefined : text;
}
