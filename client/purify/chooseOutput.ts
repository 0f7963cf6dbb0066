import * as vscode from 'vscode';
import { fileExists, fileName } from '../files';
import { askForText } from './askForText';
import { outputNameProblem, suggestedOutputName } from './outputName';

export interface Output {
  readonly uri: vscode.Uri;
  /** The user agreed that the file there is replaced. */
  readonly overwrite: boolean;
}

/**
 * Asks for the name of the purified model, in the folder of the original.
 * @returns nothing when the user gave up
 */
export async function chooseOutput(model: vscode.Uri): Promise<Output | undefined> {
  const modelName = fileName(model);
  const suggestion = suggestedOutputName(modelName);
  const sibling = (name: string) => vscode.Uri.joinPath(model, '..', name.trim());
  const name = await askForText({
    title: 'Purify Model (2 of 2): Name of the Purified Model',
    prompt: `It is written beside ${modelName}, which is not changed.`,
    value: suggestion,
    selection: [0, suggestion.length - modelName.length + modelName.lastIndexOf('.')],
    acceptLabel: 'Purify into This File',
    validate: async (value) => {
      const problem = outputNameProblem(value, modelName);
      if (problem !== undefined) return problem;
      if (!(await fileExists(sibling(value)))) return undefined;
      return {
        message: 'This file exists. You will be asked before it is replaced.',
        severity: vscode.InputBoxValidationSeverity.Warning,
      };
    },
  });
  return name === undefined ? undefined : confirmOutput(sibling(name));
}

/** Asks before a file is replaced. @returns nothing when the user gave up */
export async function confirmOutput(uri: vscode.Uri): Promise<Output | undefined> {
  if (!(await fileExists(uri))) return { uri, overwrite: false };
  const replace = 'Replace';
  const answer = await vscode.window.showWarningMessage(
    `${fileName(uri)} exists. Replace it?`,
    { modal: true },
    replace,
  );
  return answer === replace ? { uri, overwrite: true } : undefined;
}
