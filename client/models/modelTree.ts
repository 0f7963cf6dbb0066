/** The tree of the Models view, as data: workspace folders, the folders in them that hold models, and the models. */
import type { ModelEntry, ModelsNotification, ModelVerdict } from '../../protocol/models';

export interface ModelNode {
  readonly kind: 'model';
  /** URI of the file. */
  readonly id: string;
  readonly name: string;
  /** Replaced when there are news of the file. */
  entry: ModelEntry;
  readonly parent: FolderNode | undefined;
}

export interface FolderNode {
  readonly kind: 'folder';
  /** URI of the folder. */
  readonly id: string;
  /** Its path below its parent; folders that hold one folder and nothing else are shown in one line with it. */
  readonly name: string;
  readonly isWorkspaceFolder: boolean;
  readonly parent: FolderNode | undefined;
  readonly children: readonly TreeNode[];
}

export type TreeNode = ModelNode | FolderNode;

/** Verdicts that somebody should look at. */
const flagged: readonly ModelVerdict[] = ['dangerous', 'likely', 'possibly', 'suspicious'];

export function isFlagged({ verdict }: ModelEntry): boolean {
  return flagged.includes(verdict);
}

/** Numbers of models below a folder. */
export interface ModelCounts {
  readonly models: number;
  readonly flagged: number;
}

/** Keeps the tree up to date with what the server tells. */
export class ModelTree {
  private readonly entries = new Map<string, ModelEntry>();
  private nodes = new Map<string, ModelNode>();
  private tops: readonly TreeNode[] = [];

  /** @param folderName answers what the user calls a workspace folder, by its URI */
  constructor(private readonly folderName: (uri: string) => string) {}

  get roots(): readonly TreeNode[] {
    return this.tops;
  }

  get counts(): ModelCounts {
    return countsOf([...this.entries.values()]);
  }

  /** @returns the nodes that look different now; undefined where the tree has another shape */
  update({ changed, removed }: ModelsNotification.Params): readonly TreeNode[] | undefined {
    let isReshaped = false;
    for (const uri of removed) isReshaped = this.entries.delete(uri) || isReshaped;
    const touched = new Set<TreeNode>();
    for (const entry of changed) {
      const node = this.nodes.get(entry.uri);
      isReshaped ||= node === undefined || this.entries.get(entry.uri)?.folder !== entry.folder;
      this.entries.set(entry.uri, entry);
      if (node === undefined) continue;
      node.entry = entry;
      for (let at: TreeNode | undefined = node; at; at = at.parent) touched.add(at);
    }
    if (!isReshaped) return [...touched];
    this.rebuild();
    return undefined;
  }

  /** Forgets everything, as for a new server. */
  clear(): void {
    this.entries.clear();
    this.rebuild();
  }

  private rebuild(): void {
    this.nodes = new Map();
    const byFolder = new Map<string, ModelEntry[]>();
    for (const entry of this.entries.values()) {
      const others = byFolder.get(entry.folder);
      if (others) others.push(entry);
      else byFolder.set(entry.folder, [entry]);
    }
    const isOnly = byFolder.size === 1;
    this.tops = [...byFolder].flatMap(([folder, entries]) => {
      const files = entries.map((entry) => ({ entry, path: entry.uri.slice(folder.length + 1).split('/') }));
      if (isOnly) return this.childrenOf(folder, files, undefined);
      return [this.folderNode(folder, this.folderName(folder), true, files, undefined)];
    });
    if (!isOnly) this.tops = [...this.tops].sort(byName);
  }

  private folderNode(
    id: string,
    name: string,
    isWorkspaceFolder: boolean,
    files: readonly FileBelow[],
    parent: FolderNode | undefined,
  ): FolderNode {
    const children: TreeNode[] = [];
    const node: FolderNode = { kind: 'folder', id, name, isWorkspaceFolder, parent, children };
    children.push(...this.childrenOf(id, files, node));
    return node;
  }

  /** @param files with their paths below the folder `id`, percent-encoded */
  private childrenOf(id: string, files: readonly FileBelow[], parent: FolderNode | undefined): TreeNode[] {
    const folders = new Map<string, FileBelow[]>();
    const models: ModelNode[] = [];
    for (const { entry, path } of files) {
      const [first, ...rest] = path;
      if (rest.length === 0) {
        const node: ModelNode = { kind: 'model', id: entry.uri, name: decoded(first), entry, parent };
        this.nodes.set(entry.uri, node);
        models.push(node);
        continue;
      }
      const others = folders.get(first);
      if (others) others.push({ entry, path: rest });
      else folders.set(first, [{ entry, path: rest }]);
    }
    const below = [...folders].map(([name, inside]) => {
      const { steps, rest } = singleChain(name, inside);
      return this.folderNode([id, ...steps].join('/'), steps.map(decoded).join('/'), false, rest, parent);
    });
    return [...below.sort(byName), ...models.sort(byName)];
  }
}

/** A model file and the names of the folders that lead to it, its own name last. */
interface FileBelow {
  readonly entry: ModelEntry;
  readonly path: readonly string[];
}

/** Follows a folder down as long as it holds one folder and nothing else. */
function singleChain(first: string, files: readonly FileBelow[]): { steps: string[]; rest: readonly FileBelow[] } {
  const steps = [first];
  let rest = files;
  for (;;) {
    const [next] = rest[0].path;
    if (rest.some(({ path }) => path.length < 2 || path[0] !== next)) return { steps, rest };
    steps.push(next);
    rest = rest.map(({ entry, path }) => ({ entry, path: path.slice(1) }));
  }
}

/** Numbers of models in or below a folder. */
export function folderCounts(folder: FolderNode): ModelCounts {
  return countsOf(modelsBelow(folder));
}

function modelsBelow({ children }: FolderNode): ModelEntry[] {
  return children.flatMap((child) => (child.kind === 'model' ? [child.entry] : modelsBelow(child)));
}

function countsOf(entries: readonly ModelEntry[]): ModelCounts {
  return { models: entries.length, flagged: entries.filter(isFlagged).length };
}

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function byName(a: TreeNode, b: TreeNode): number {
  return order.compare(a.name, b.name);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
