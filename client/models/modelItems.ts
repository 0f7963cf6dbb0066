import * as vscode from 'vscode';
import { openingModel } from '../inspector/inspectorViews';
import { folderCounts, type FolderNode, type ModelNode, type TreeNode } from './modelTree';
import { countsText, descriptionOf, pictureOf } from './modelWords';

/** With more models than these, folders are closed until somebody opens them. */
const shownAtOnce = 50;

/** @param total number of models in the whole view */
export function treeItem(node: TreeNode, total: number): vscode.TreeItem {
  return node.kind === 'folder' ? folderItem(node, total) : modelItem(node);
}

function folderItem(node: FolderNode, total: number): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(node.name, total > shownAtOnce ? Collapsed : Expanded);
  item.id = node.id;
  item.contextValue = 'folder';
  item.iconPath = new vscode.ThemeIcon(node.isWorkspaceFolder ? 'root-folder' : 'folder');
  item.description = countsText(folderCounts(node));
  item.tooltip = vscode.Uri.parse(node.id).fsPath;
  item.accessibilityInformation = { label: `${node.name}, folder, ${item.description}` };
  return item;
}

function modelItem({ id, name, entry }: ModelNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.None);
  const { icon, colour } = pictureOf(entry);
  const description = descriptionOf(entry, new Date());
  const uri = vscode.Uri.parse(id);
  item.id = id;
  item.contextValue = 'model';
  // The Explorer's marks of problems and of version control belong here, too.
  item.resourceUri = uri;
  item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  item.description = description;
  item.accessibilityInformation = { label: `${name}, ${description}` };
  const [command, ...rest] = openingModel(uri);
  item.command = { command, title: 'Open Model', arguments: rest };
  return item;
}
