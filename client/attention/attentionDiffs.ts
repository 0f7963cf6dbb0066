import * as vscode from 'vscode';
import { attentionScheme, type AttentionComparison, type AttentionRequest } from '../../protocol/attention';
import { LinkedCancellation } from '../cancellation';
import { fileName } from '../files';
import { graphBeside, readPlace, type AttentionPlace } from './attentionPlace';
import type { AttentionSource } from './attentionSource';
import { attentionUri, diffTitle } from './attentionUri';
import { chooseGraph } from './chooseGraph';

/** Opens attention diffs, and goes from graph to graph in them. */
export class AttentionDiffs implements vscode.Disposable {
  private readonly openEmitter = new vscode.EventEmitter<AttentionPlace>();

  /** A graph was opened as a diff. */
  readonly onDidOpen = this.openEmitter.event;

  constructor(private readonly source: AttentionSource) {}

  /**
   * Compares, with progress to see.
   *
   * @throws the server's error, also when cancelled
   */
  compare(
    comparison: AttentionComparison,
    graph: number | undefined,
    token?: vscode.CancellationToken,
  ): Thenable<AttentionRequest.Result> {
    const title = `Comparing attention of ${fileName(vscode.Uri.parse(comparison.beforeUri))}`;
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, notificationToken) => {
        const cancellation = new LinkedCancellation([token, notificationToken]);
        let shown = 0;
        try {
          return await this.source.get(
            comparison,
            { graph },
            {
              token: cancellation.token,
              onWorkDone: ({ percentage = shown }) => {
                progress.report({ increment: Math.max(0, percentage - shown) });
                shown = Math.max(shown, percentage);
              },
            },
          );
        } finally {
          cancellation.dispose();
        }
      },
    );
  }

  /** Opens a graph, in the place of the tab that shows another one of the same comparison. */
  async open(place: AttentionPlace, replaces?: vscode.Tab): Promise<void> {
    const options: vscode.TextDocumentShowOptions = { preview: replaces?.isPreview ?? true };
    const sides = [attentionUri(place, 'before'), attentionUri(place, 'after')];
    await vscode.commands.executeCommand('vscode.diff', ...sides, diffTitle(place), options);
    this.openEmitter.fire(place);
    // A preview is replaced by VS Code itself; a tab that was kept open is not.
    const left = replaces && vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find((tab) => tab === replaces);
    if (left !== undefined && !left.isActive) await vscode.window.tabGroups.close(left, true);
  }

  /** Goes to the graph that changed next less (1) or next more (-1). */
  async step(steps: 1 | -1): Promise<void> {
    const shown = shownDiff();
    if (shown === undefined) return;
    const { overview } = await this.source.get(shown.place.comparison, shown.place);
    const graph = graphBeside(overview.ranked[shown.place.view], shown.place.graph, steps);
    if (graph !== undefined && graph !== shown.place.graph) await this.open({ ...shown.place, graph }, shown.tab);
  }

  /** Asks for the graph to go to. */
  async choose(): Promise<void> {
    const shown = shownDiff();
    if (shown === undefined) return;
    const { overview } = await this.source.get(shown.place.comparison, shown.place);
    const choice = await chooseGraph(overview);
    if (choice !== undefined) await this.open({ ...shown.place, ...choice }, shown.tab);
  }

  /** Shows the same graph with the trigger, or as it is; says so where there is only one of the two. */
  async toggleTrigger(): Promise<void> {
    const shown = shownDiff();
    if (shown === undefined) return;
    const { comparison, graph, view } = shown.place;
    const other = view === 'clean' ? 'triggered' : 'clean';
    const { overview } = await this.source.get(comparison, shown.place);
    if (overview.ranked[other].includes(graph)) return this.open({ comparison, graph, view: other }, shown.tab);
    const reason =
      overview.models.length === 1
        ? 'The two sides show this graph without and with the trigger.'
        : `Graph ${graph} was not looked at with a trigger: it is of the trigger's target class, or too small for it.`;
    void vscode.window.showInformationMessage(reason);
  }

  dispose(): void {
    this.openEmitter.dispose();
  }
}

/** The attention diff in the active tab. */
export function shownDiff(): { readonly place: AttentionPlace; readonly tab: vscode.Tab } | undefined {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  const input = tab?.input;
  const uri =
    input instanceof vscode.TabInputTextDiff
      ? input.modified
      : input instanceof vscode.TabInputText
        ? input.uri
        : undefined;
  const read = uri?.scheme === attentionScheme ? readPlace(uri.query) : undefined;
  if (tab === undefined || read === undefined) return undefined;
  const { comparison, graph, view } = read;
  return { tab, place: { comparison, graph, view } };
}
