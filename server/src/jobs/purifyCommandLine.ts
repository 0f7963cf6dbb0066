import type { PurifyTask } from './tasks';

/** The command that repeats a purification, quoted for a POSIX shell. */
export function purifyCommandLine(task: PurifyTask, features: string): string {
  const options: [string, string | undefined][] = [
    ['--config', task.repeats?.file],
    ['--data', task.data],
    ['--features', features],
    ['--holding-rate', task.holdingRate?.toString()],
    ['--clean-ids', task.idFiles?.clean],
    ['--test-ids', task.idFiles?.test],
    ['--readout', task.architecture?.readout],
    ['--method', task.method],
    // Those of a file named by --config are taken from there.
    ['--options', task.options === task.repeats?.config.options ? undefined : optionsText(task.options)],
    ['--seed', (task.seed ?? 0).toString()],
    ['--out', task.output],
  ];
  const parts = options.flatMap(([name, value]) => (value === undefined ? [] : [name, quoted(value)]));
  return ['graphnad purify', quoted(task.model), ...parts].join(' ');
}

function optionsText(options: PurifyTask['options']): string | undefined {
  return options === undefined || Object.keys(options).length === 0 ? undefined : JSON.stringify(options);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
