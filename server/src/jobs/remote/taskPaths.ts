import type { GridTask } from '../grid/gridTask';
import type { DataSource } from '../grid/grid';
import type { SuspectSpec } from '../grid/suspect';
import type { PurifyTask, ScanTask } from '../tasks';
import type { RemoteTask } from './message';

/** What a path in a task stands for. */
export type PathRole =
  /** A model, with what belongs to it. */
  | 'model'
  /** A folder with a data set. */
  | 'dataset'
  /** One file that is read. */
  | 'file'
  /** A folder whose files are read. */
  | 'folder'
  /** A file that is only spoken of. */
  | 'mention'
  /** A file that is written, others beside it perhaps. */
  | 'new file'
  /** A folder that is written. */
  | 'new folder';

/** Puts other paths into a task: every one that it holds is given to `map`. */
export function mapPaths(task: RemoteTask, map: (path: string, role: PathRole) => string): RemoteTask {
  switch (task.kind) {
    case 'scan':
      return scanPaths(task, map);
    case 'purify':
      return purifyPaths(task, map);
    case 'grid':
      return gridPaths(task, map);
  }
}

type Map = (path: string, role: PathRole) => string;

function scanPaths(task: ScanTask, map: Map): ScanTask {
  return {
    ...task,
    model: map(task.model, 'model'),
    ...(task.data === undefined ? {} : { data: map(task.data, 'dataset') }),
  };
}

function purifyPaths(task: PurifyTask, map: Map): PurifyTask {
  const { trigger, benign, report, idFiles, repeats } = task;
  const mention = (file: string | undefined): string | undefined => file && map(file, 'mention');
  return {
    ...task,
    model: map(task.model, 'model'),
    data: map(task.data, 'dataset'),
    output: map(task.output, 'new file'),
    ...(trigger === undefined ? {} : { trigger: map(trigger, 'file') }),
    ...(benign === undefined ? {} : { benign: map(benign, 'model') }),
    ...(report === undefined ? {} : { report: map(report, 'new file') }),
    ...(idFiles === undefined ? {} : { idFiles: { clean: mention(idFiles.clean), test: mention(idFiles.test) } }),
    ...(repeats === undefined ? {} : { repeats: { ...repeats, file: map(repeats.file, 'mention') } }),
  };
}

function gridPaths(task: GridTask, map: Map): GridTask {
  switch (task.step) {
    case 'train':
      return { ...task, spec: specPaths(task.spec, map), folder: map(task.folder, 'new folder') };
    case 'defend':
      return { ...task, spec: specPaths(task.spec, map), folder: map(task.folder, 'folder') };
    case 'measure': {
      const { spec, folder, benign } = task;
      return {
        ...task,
        spec: specPaths(spec, map),
        folder: map(folder, 'folder'),
        ...(benign === undefined
          ? {}
          : { benign: { spec: specPaths(benign.spec, map), folder: map(benign.folder, 'folder') } }),
      };
    }
  }
}

function specPaths(spec: SuspectSpec, map: Map): SuspectSpec {
  const place = (source: DataSource): DataSource =>
    'folder' in source ? { folder: map(source.folder, 'dataset') } : source;
  const { data } = spec;
  const { auxiliary } = data;
  return {
    ...spec,
    data: {
      ...data,
      source: place(data.source),
      ...(auxiliary === undefined ? {} : { auxiliary: { ...auxiliary, source: place(auxiliary.source) } }),
    },
  };
}
