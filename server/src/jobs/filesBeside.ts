import { realpathSync } from 'node:fs';
import path from 'node:path';
import { modelEnding } from '../../../protocol/model';
import { requireBeside } from '../checkpoint/beside';
import { CheckpointError } from '../checkpoint/checkpoint';
import { isHubBlob } from './hubCache';
import { plainReason } from './readText';

/**
 * Where a file lies that a model names beside itself: in its folder, or where the Hugging Face hub's cache keeps what is
 * shown there.
 *
 * @returns an absolute path with no links left in it
 * @throws CheckpointError where there is none, or it leads out of the model's folder, by its spelling or by a link
 */
export function pathBeside(model: string, name: string): string {
  requireBeside(name, model);
  const folder = path.dirname(model);
  const file = path.join(folder, name);
  let real: string;
  let realFolder: string;
  try {
    real = realpathSync(file);
    realFolder = realpathSync(folder);
  } catch (error) {
    throw new CheckpointError(file, plainReason(error));
  }
  if (path.dirname(real) !== realFolder && !isHubBlob(real, realFolder))
    throw new CheckpointError(file, 'this is a link to another folder');
  return real;
}

/**
 * What files beside a copy of a model are called: as beside the original, with the copy's name in place of the
 * original's, or before theirs.
 *
 * @param model, copy names or paths of the two
 */
export function namesBeside(model: string, copy: string): (name: string) => string {
  const [from, to] = [model, copy].map(stemOf);
  return (name) => (name.startsWith(from) ? to + name.slice(from.length) : `${to}.${name}`);
}

/** The name without the ending of a model file, such as `.safetensors.index.json`. */
function stemOf(file: string): string {
  const name = path.basename(file);
  return name.slice(0, name.length - (modelEnding(name) ?? path.extname(name)).length);
}
