import * as vscode from 'vscode';
import { ModelKnowledgeRequest } from '../../protocol/inspector';
import { plural } from '../../protocol/numberText';
import type { Server, ServerState } from '../server';
import { treeItem, tooltipOf } from './modelItems';
import { ModelTree, type ModelNode, type TreeNode } from './modelTree';
import { modelTooltip } from './modelTooltip';

/** What commands get that are chosen on a model of the view; `modelRequest` reads it. */
interface Element {
  readonly node: TreeNode;
  readonly uri: vscode.Uri;
}

/** The side bar's view of the workspace's model files, live. */
export class ModelsView implements vscode.TreeDataProvider<Element>, vscode.Disposable {
  private readonly tree = new ModelTree(folderName);
  private readonly elements = new WeakMap<TreeNode, Element>();
  private readonly changes = new vscode.EventEmitter<Element[] | undefined>();
  private readonly view: vscode.TreeView<Element>;
  private readonly subscriptions: vscode.Disposable[];
  private searched = false;

  readonly onDidChangeTreeData = this.changes.event;

  /** Hears when it comes into sight. */
  readonly onDidChangeVisibility: vscode.Event<vscode.TreeViewVisibilityChangeEvent>;

  constructor(private readonly server: Server) {
    this.view = vscode.window.createTreeView<Element>('graphnad.models', {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.onDidChangeVisibility = this.view.onDidChangeVisibility;
    this.subscriptions = [
      this.view,
      this.changes,
      server.onDidChangeState((state) => {
        if (state.kind === 'starting') this.forget();
        this.showMessage();
      }),
      server.onDidReportModels((news) => {
        const changed = this.tree.update(news);
        if (news.searched !== this.searched) this.setSearched(news.searched);
        this.changes.fire(changed?.map((node) => this.elementOf(node)));
        this.showBadge();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.showMessage()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.changes.fire(undefined)),
    ];
    this.showMessage();
  }

  getChildren(element?: Element): Element[] {
    const node = element?.node;
    if (node?.kind === 'model') return [];
    return (node?.children ?? this.tree.roots).map((child) => this.elementOf(child));
  }

  getParent({ node }: Element): Element | undefined {
    return node.parent && this.elementOf(node.parent);
  }

  getTreeItem({ node }: Element): vscode.TreeItem {
    return treeItem(node, this.tree.counts.models);
  }

  /** What was found is fetched for the one item that somebody points at. */
  async resolveTreeItem(
    item: vscode.TreeItem,
    { node }: Element,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    if (node.kind === 'model') item.tooltip = await this.tooltip(node, token);
    return item;
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
  }

  private elementOf(node: TreeNode): Element {
    const known = this.elements.get(node) ?? { node, uri: vscode.Uri.parse(node.id) };
    this.elements.set(node, known);
    return known;
  }

  private async tooltip(
    { id, name, entry }: ModelNode,
    token: vscode.CancellationToken,
  ): Promise<vscode.MarkdownString> {
    const params: ModelKnowledgeRequest.Params = { uri: id };
    const knowledge = await this.server
      .request<ModelKnowledgeRequest.Result>(ModelKnowledgeRequest.method, params, { token })
      // The item says what is known without it.
      .catch(() => undefined);
    const { isTrusted: trusted } = vscode.workspace;
    return tooltipOf(name, id, modelTooltip(entry, knowledge, { now: new Date(), trusted }));
  }

  private forget(): void {
    this.tree.clear();
    this.setSearched(false);
    this.changes.fire(undefined);
    this.showBadge();
  }

  private setSearched(searched: boolean): void {
    this.searched = searched;
    void vscode.commands.executeCommand('setContext', 'graphnad.modelsKnown', searched);
    this.showMessage();
  }

  private showBadge(): void {
    const { flagged } = this.tree.counts;
    this.view.badge =
      flagged === 0 ? undefined : { value: flagged, tooltip: `${plural(flagged, 'model')} with warnings or errors` };
  }

  private showMessage(): void {
    this.view.message = viewMessage(this.server.state, this.searched);
  }
}

function viewMessage(state: ServerState, searched: boolean): string | undefined {
  if (state.kind === 'failed') return `Models are not being checked. The server is not running: ${state.reason}`;
  if (!vscode.workspace.isTrusted) {
    return 'Restricted Mode: models are looked at for unsafe code alone. Backdoors are looked for when you trust this workspace.';
  }
  const hasFolders = (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
  return searched || !hasFolders ? undefined : 'Looking for model files...';
}

function folderName(uri: string): string {
  const folder = vscode.workspace.workspaceFolders?.find((candidate) => candidate.uri.toString() === uri);
  return folder?.name ?? vscode.Uri.parse(uri).fsPath;
}
