/** Files beside a model file: what may be asked for by name, and those that are in memory. */

import type { ByteSource } from './byteSource';
import { CheckpointError } from './checkpoint';
import type { OpenBeside } from './checkpointFormat';
import { limits } from './limits';

/** What a file system may take for something else than a file of this folder. */
const reserved = /[/\\:*?"<>|\u0000-\u001f\u007f]/;
/** Devices of Windows, with any extension. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Checks a name that a model file gives for a file beside it: one of its own folder, on every system.
 *
 * @throws CheckpointError where it names a folder, climbs out, is absolute or names a drive, a device or a stream
 */
export function requireBeside(name: string, file: string): void {
  const isPlain = name.length > 0 && name.length <= limits.fileName && !/^\.|[. ]$/.test(name);
  if (!isPlain || reserved.test(name) || device.test(name)) {
    const shown = JSON.stringify(name.slice(0, limits.fileName));
    throw new CheckpointError(file, `it names a file that does not lie beside it: ${shown}`);
  }
}

/** For models that are given as bytes alone, without the folder they lie in. */
export const nothingBeside: OpenBeside = (name) => {
  throw new CheckpointError(name, 'this file belongs to the model and is not there');
};

/** `openBeside`, of which no name is asked that `requireBeside` refuses; each file is opened once. */
export function checkedBeside(openBeside: OpenBeside, file: string): OpenBeside {
  const opened = new Map<string, ByteSource>();
  return (name) => {
    requireBeside(name, file);
    const source = opened.get(name) ?? openBeside(name);
    opened.set(name, source);
    return source;
  };
}
