import * as vscode from 'vscode';

/** The settings the client itself reads; the server asks for the others. */
interface Settings {
  'server.runtime': string;
  backend: string;
  'scan.exclude': string[];
  'purify.holdingRate': number;
  seed: number;
  'queue.url': string;
}

export type SettingName = keyof Settings;

/** A setting as it holds for a resource. Defaults come from the manifest. */
export function setting<Name extends SettingName>(name: Name, resource?: vscode.Uri): Settings[Name] {
  const value = vscode.workspace.getConfiguration('graphnad', resource).get<Settings[Name]>(name);
  if (value === undefined) throw new Error(`The setting graphnad.${name} has no default.`);
  return value;
}

/** Whether the workspace has a value of its own for a setting; one for the user has no effect then. */
export function isSetByWorkspace(name: SettingName): boolean {
  return vscode.workspace.getConfiguration('graphnad').inspect(name)?.workspaceValue !== undefined;
}

/** Changes a setting where its value comes from: for this workspace, or for the user. */
export function changeSetting<Name extends SettingName>(name: Name, value: Settings[Name]): Thenable<void> {
  const { Workspace, Global } = vscode.ConfigurationTarget;
  const target = isSetByWorkspace(name) ? Workspace : Global;
  return vscode.workspace.getConfiguration('graphnad').update(name, value, target);
}
