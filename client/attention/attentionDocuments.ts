import * as vscode from 'vscode';
import { attentionScheme } from '../../protocol/attention';
import { errorMessage } from '../errors';
import { readPlace } from './attentionPlace';
import type { AttentionSource } from './attentionSource';

/**
 * The sides of attention diffs as read-only files that exist nowhere; see {@link attentionScheme} for their addresses.
 * Files, because editors of mere documents are not opened again when the window is reloaded.
 */
export class AttentionDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly subscriptions: readonly vscode.Disposable[];
  /** When what the files say may last have become other. */
  private changed = Date.now();

  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly source: AttentionSource) {
    this.subscriptions = [
      vscode.workspace.registerFileSystemProvider(attentionScheme, this, { isReadonly: true, isCaseSensitive: true }),
      source.onDidChange((concerns) => {
        const files = vscode.workspace.textDocuments.flatMap(({ uri }) => {
          const place = uri.scheme === attentionScheme ? readPlace(uri.query) : undefined;
          return place && concerns(place.comparison) ? [{ type: vscode.FileChangeType.Changed, uri }] : [];
        });
        if (files.length === 0) return;
        this.changed = Math.max(Date.now(), this.changed + 1);
        this.changes.fire(files);
      }),
    ];
  }

  /** Computes nothing: the size is not known, and nobody depends on it. */
  stat(): vscode.FileStat {
    const { changed } = this;
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: changed,
      size: 0,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return new TextEncoder().encode(await this.textOf(uri));
  }

  /** Changes are told without being asked for. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    return readOnly(uri);
  }

  writeFile(uri: vscode.Uri): never {
    return readOnly(uri);
  }

  delete(uri: vscode.Uri): never {
    return readOnly(uri);
  }

  rename(uri: vscode.Uri): never {
    return readOnly(uri);
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.changes.dispose();
  }

  /** What went wrong is the text: an error of a file would name no reason. */
  private async textOf(uri: vscode.Uri): Promise<string> {
    const place = readPlace(uri.query);
    if (place === undefined) return 'This address names no comparison.\n';
    try {
      const { text } = await this.source.get(place.comparison, place);
      return text[place.side];
    } catch (error) {
      return `The attention could not be computed: ${errorMessage(error)}\n`;
    }
  }
}

function readOnly(uri: vscode.Uri): never {
  throw vscode.FileSystemError.NoPermissions(uri);
}
