import * as vscode from 'vscode';

/** The settings the client itself reads; the server asks for the others. */
interface Settings {
  'server.runtime': string;
  backend: string;
  'scan.exclude': string[];
  'purify.holdingRate': number;
  seed: number;
}

/** A setting as it holds for a resource. Defaults come from the manifest. */
export function setting<Name extends keyof Settings>(name: Name, resource?: vscode.Uri): Settings[Name] {
  const value = vscode.workspace.getConfiguration('graphnad', resource).get<Settings[Name]>(name);
  if (value === undefined) throw new Error(`The setting graphnad.${name} has no default.`);
  return value;
}
