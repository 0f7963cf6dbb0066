/** Manifests and the files they speak of, for tests of what the editor does with them. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Position } from 'vscode-languageserver/node';
import type { ArchitectureSummary, TensorSummary } from '../../protocol/model';
import { fitOf, type DataShape } from '../../server/src/jobs/fitData';
import { toUri } from '../../server/src/lsp/fileUri';
import { viewOf, type ManifestView } from '../../server/src/lsp/manifest/manifestView';
import type { LastScan, ManifestWorld, ModelFacts } from '../../server/src/lsp/manifest/world';

/** A GIN of 5 inputs and 2 classes, or with other parts. */
export function gin(parts: Partial<ArchitectureSummary> = {}): ArchitectureSummary {
  const usual = { kind: 'gin', layers: 3, hidden: 16, inputs: 5, classes: 2, readout: 'sum', batchNorm: true } as const;
  return { ...usual, ...parts };
}

export interface WorldFacts {
  /** Model files by path in the folder, with what is known of each. */
  readonly models?: Readonly<
    Record<string, ModelFacts & { readonly lastScan?: LastScan; readonly tensors?: readonly TensorSummary[] }>
  >;
  /** Data folders by path in the folder. */
  readonly data?: Readonly<Record<string, DataShape>>;
  /** Other files: their texts by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A world whose files lie in a real folder, and whose models and data sets are what `facts` say of them. */
export function makeWorld(folder: string, { models = {}, data = {}, files = {} }: WorldFacts): ManifestWorld {
  const at = (file: string): string => path.join(folder, file);
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
  };
  for (const file of Object.keys(models)) put(file, '');
  for (const [name, { name: set }] of Object.entries(data)) put(`${name}/${set}_graph_labels.txt`, '');
  for (const [file, text] of Object.entries(files)) put(file, text);
  const written = (file: string): string => path.relative(folder, file).split(path.sep).join('/');
  return {
    models: Object.keys(models).map(at),
    dataFolders: Object.keys(data).map(at),
    looksIntoFiles: true,
    boundaryOf: () => folder,
    kindOf: (file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return Promise.resolve(found && (found.isDirectory() ? 'folder' : 'file'));
    },
    namesIn: (directory) =>
      Promise.resolve(
        readdirSync(directory, { withFileTypes: true }).map((entry) => entry.name + (entry.isDirectory() ? '/' : '')),
      ),
    model: (file) => Promise.resolve(models[written(file)]),
    tensors: (file) => Promise.resolve(models[written(file)]?.tensors ?? []),
    data: (directory, model) => Promise.resolve(fitOf(data[written(directory)], model)),
    read: (file) => Promise.resolve(readFileSync(file, 'utf8')),
    lastScan: (file) => models[written(file)]?.lastScan,
  };
}

/** A manifest in a folder. A `|` in its text is a place, and no part of it. */
export function openManifest(
  folder: string,
  marked: string,
): { readonly view: ManifestView; readonly position: Position; readonly text: string } {
  const offset = Math.max(0, marked.indexOf('|'));
  const text = marked.replace('|', '');
  const document = TextDocument.create(toUri(path.join(folder, 'graphnad.json')), 'jsonc', 1, text);
  return { view: viewOf(document), position: document.positionAt(offset), text };
}
