import * as vscode from 'vscode';

/** Steps of the walkthrough that are done by what a person does here, whichever way it was asked for. */
type Step = 'inspector' | 'purify' | 'results' | 'attention';

/** Ticks a step. VS Code sees commands that people choose itself, but not those that the extension runs for a button. */
export function tickStep(step: Step): void {
  void vscode.commands.executeCommand('setContext', `graphnad.walkthrough.${step}`, true);
}
