import path from 'node:path';
import type { WorkspaceIndex } from './workspaceIndex';

/** A file or folder as people see it: its path in the workspace, with slashes; the whole path of what lies elsewhere. */
export function nameInWorkspace(index: Pick<WorkspaceIndex, 'rootOf' | 'rootCount'>, file: string): string {
  const root = index.rootOf(file);
  if (root === undefined || root === file) return file;
  const below = path.relative(root, file).split(path.sep).join('/');
  return index.rootCount > 1 ? `${path.basename(root)}/${below}` : below;
}
