import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  CodeActionKind,
  LSPErrorCodes,
  ResponseError,
  type ClientCapabilities,
  type CodeAction,
  type CodeLens,
  type Command,
  type Connection,
  type Range,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { manifestName, stateArchitectureCommand, type AssumedParts } from '../../../../protocol/manifest';
import { reportScheme } from '../../../../protocol/requests';
import { manifestPath } from '../../jobs/manifest/manifestPaths';
import { findManifest } from '../../jobs/manifest/findManifest';
import { writeWhole } from '../../jobs/writeWhole';
import { visible } from '../../report/visible';
import { assumedIn } from '../assumedIn';
import { logText, toResponseError } from '../errors';
import { toPath, toPaths, toUri } from '../fileUri';
import type { Publisher } from '../publisher';
import type { ScanService } from '../scanService';
import type { WorkspaceTrust } from '../trust';
import type { WorkspaceIndex } from '../workspaceIndex';
import { firstManifest } from './firstManifest';
import { contains, viewOf, type ManifestView } from './manifestView';
import { stateArchitecture } from './statedArchitecture';
import { modelsByEntry } from './world';

interface StatementTools {
  readonly connection: Connection;
  readonly index: WorkspaceIndex;
  readonly scans: Pick<ScanService, 'report'>;
  readonly publisher: Pick<Publisher, 'findingsAt'>;
  readonly trust: WorkspaceTrust;
}

/** So many models of a pattern are offered one by one. */
const offeredModels = 5;

/**
 * The way out of "not assessed, because nobody vouches for parts of the model": a quick fix on the finding in the report,
 * and in the manifest, that writes what is assumed into the manifest and shows it, to be corrected.
 */
export class ArchitectureStatements {
  private showsDocuments = false;

  /** @param read the text of a manifest as it is in an editor, else on disk */
  constructor(
    private readonly tools: StatementTools,
    private readonly read: (file: string) => Promise<TextDocument | undefined>,
  ) {
    tools.connection.onExecuteCommand(async ({ command, arguments: [model] = [] }) => {
      if (command !== stateArchitectureCommand || typeof model !== 'string') return;
      try {
        await this.state(toPath(model));
      } catch (error) {
        tools.connection.console.error(logText(error));
        throw toResponseError(error);
      }
    });
  }

  initialize({ window }: ClientCapabilities): void {
    this.showsDocuments = window?.showDocument?.support === true;
  }

  /** What a quick fix can do about the findings that a report has in some lines. */
  inReport(uri: string, { start, end }: Range): CodeAction[] {
    const [file] = reported(uri);
    if (file === undefined) return [];
    const isThere = this.tools.publisher
      .findingsAt(file)
      .some(({ finding, first, last }) => finding.code === 'GN905' && first <= end.line && start.line <= last);
    return isThere ? this.fixFor(file) : [];
  }

  /** The same above the finding, where it is seen without being asked for. */
  aboveFinding(uri: string): CodeLens[] {
    const [file] = reported(uri);
    if (file === undefined || this.assumed(file) === undefined) return [];
    return this.tools.publisher
      .findingsAt(file)
      .filter(({ finding }) => finding.code === 'GN905')
      .map(({ first: line }) => {
        const place = { line, character: 0 };
        return { range: { start: place, end: place }, command: commandFor(file) };
      });
  }

  /** The same for the models of the entry at a place. */
  inManifest(view: ManifestView, { start }: Range): CodeAction[] {
    const at = view.document.offsetAt(start);
    const folder = path.dirname(view.file);
    const models = modelsByEntry(view, { models: this.tools.index.modelFiles });
    return view.entries
      .flatMap(({ node }, i) => (contains(node, at) ? models[i] : []))
      .flatMap((model) => this.fixFor(path.join(folder, model)))
      .slice(0, offeredModels);
  }

  private fixFor(file: string): CodeAction[] {
    if (this.assumed(file) === undefined) return [];
    const command = commandFor(file);
    return [{ title: command.title, kind: CodeActionKind.QuickFix, isPreferred: true, command }];
  }

  private assumed(file: string): AssumedParts | undefined {
    return assumedIn(this.tools.scans.report(file));
  }

  /** @throws ResponseError, OutputError where the manifest cannot be written */
  private async state(model: string): Promise<void> {
    const { connection, index, trust } = this.tools;
    trust.require(`Writing ${manifestName}`);
    const assumed = this.assumed(model);
    if (assumed === undefined) {
      throw refused(`No scan came to know that a verdict on ${nameOf(model)} waits for its architecture`);
    }
    const root = index.rootOf(model);
    if (root === undefined) throw refused(`${nameOf(model)} lies in no folder of the workspace`);
    const file = (await findManifest(model, root)) ?? path.join(root, manifestName);
    if (!(await isThere(file))) await writeWhole(file, firstManifest([{ file: model }], file));
    const document = await this.read(file);
    if (document === undefined) throw refused(`${manifestName} was not read`);
    const stated = stateArchitecture(viewOf(document), manifestPath(model, file), assumed);
    if (stated === undefined) throw refused(`${manifestName} has errors: mend them first`);
    const edit = { changes: { [toUri(file)]: stated.edits } };
    const { applied, failureReason } = await connection.workspace.applyEdit({ label: commandFor(model).title, edit });
    if (!applied) throw refused(`${manifestName} was not changed: ${failureReason ?? 'the editor refused'}`);
    if (this.showsDocuments) {
      await connection.window.showDocument({ uri: toUri(file), takeFocus: true, selection: stated.range });
    }
  }
}

function commandFor(file: string): Command {
  const title = `State the architecture of ${nameOf(file)} in ${manifestName}`;
  return { title, command: stateArchitectureCommand, arguments: [toUri(file)] };
}

/** Whatever a stranger called the file. */
function nameOf(file: string): string {
  return visible(path.basename(file));
}

/** The model that a report is about; none for other documents. */
function reported(uri: string): string[] {
  if (!uri.startsWith(`${reportScheme}:`)) return [];
  return toPaths([decodeURIComponent(uri.slice(uri.indexOf('?') + 1))]);
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

function refused(reason: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
