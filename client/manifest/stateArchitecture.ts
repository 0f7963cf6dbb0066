import * as vscode from 'vscode';
import { stateArchitectureCommand } from '../../protocol/manifest';
import type { Actions } from '../notify';

/**
 * The way to the parts of a model's architecture that were assumed, as a button of a notification.
 *
 * @param model address of the model file
 */
export const stateArchitecture = (model: string): Actions => ({
  'State Architecture...': () => vscode.commands.executeCommand(stateArchitectureCommand, model),
});
