import * as vscode from 'vscode';
import { isSetByWorkspace, type SettingName } from './settings';

/** Shows a setting in the tab where its value comes from: the workspace's, else this machine's in a remote window. */
export function openSetting(name: SettingName): Thenable<unknown> {
  const query = `graphnad.${name}`;
  return isSetByWorkspace(name)
    ? vscode.commands.executeCommand('workbench.action.openWorkspaceSettings', { query })
    : openSettings(query);
}

/** Shows the settings that a query finds; those that name what runs on a remote machine have a tab of their own. */
export function openSettings(query: string): Thenable<unknown> {
  return vscode.env.remoteName === undefined
    ? vscode.commands.executeCommand('workbench.action.openSettings', query)
    : vscode.commands.executeCommand('workbench.action.openRemoteSettings', { query });
}
