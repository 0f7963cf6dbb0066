import * as vscode from 'vscode';
import { openingModel } from '../inspector/inspectorViews';
import { plainMarkdown } from '../plainMarkdown';
import { folderCounts, type FolderNode, type ModelNode, type TreeNode } from './modelTree';
import type { ModelTooltip } from './modelTooltip';
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

/** @param uri address of the model, which links hand on */
export function tooltipOf(name: string, uri: string, tooltip: ModelTooltip): vscode.MarkdownString {
  const { icon, verdict, evidence, advice, remarks, links } = tooltip;
  const markdown = new vscode.MarkdownString(undefined, true);
  markdown.isTrusted = { enabledCommands: links.map(({ command }) => command) };
  const paragraphs = [
    `**${plainMarkdown(name)}**`,
    `$(${icon}) ${plainMarkdown(verdict)}`,
    ...[...evidence, advice, ...(remarks.length > 0 ? [remarks.join(' · ')] : [])].map(plainMarkdown),
    '---',
  ];
  const argument = encodeURIComponent(JSON.stringify([{ uri }]));
  const linked = links.map(({ title, command }) => `[${title}](command:${command}?${argument})`);
  return markdown.appendMarkdown([...paragraphs, linked.join(' · ')].join('\n\n'));
}
