import * as vscode from 'vscode';

interface Question {
  readonly title: string;
  readonly prompt: string;
  /** The suggestion; {@link selection} of it is selected. */
  readonly value: string;
  readonly selection: readonly [number, number];
  /** Tooltip of the button that takes the text. */
  readonly acceptLabel: string;
  /** @returns what is wrong with a text, or what is worth a warning; nothing when it is fine */
  readonly validate: (text: string) => Promise<string | vscode.InputBoxValidationMessage | undefined>;
}

/**
 * Asks for a text. Unlike `showInputBox`, which only the Enter key accepts, it has a button, too: for who has a mouse
 * alone.
 *
 * @returns nothing when the user gave up
 */
export function askForText(question: Question): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  const { title, prompt, value, selection, acceptLabel, validate } = question;
  const accept: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('check'), tooltip: acceptLabel };
  input.title = title;
  input.prompt = prompt;
  input.value = value;
  input.valueSelection = selection;
  input.buttons = [accept];
  // A view that opens meanwhile may take the focus: what was chosen and typed up to here would be lost.
  input.ignoreFocusOut = true;
  /** Shows what there is to say about the text, unless it was changed meanwhile. */
  const check = async (): Promise<boolean> => {
    const text = input.value;
    const found = await validate(text);
    if (text === input.value) input.validationMessage = found;
    return (
      found === undefined || (typeof found !== 'string' && found.severity !== vscode.InputBoxValidationSeverity.Error)
    );
  };
  return new Promise((resolve, reject) => {
    const guarded = (work: Promise<unknown>): void =>
      void work.catch((error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        input.hide();
      });
    const finish = async (): Promise<void> => {
      const text = input.value;
      if (!(await check())) return;
      resolve(text);
      input.hide();
    };
    input.onDidChangeValue(() => guarded(check()));
    input.onDidAccept(() => guarded(finish()));
    input.onDidTriggerButton(() => guarded(finish()));
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
    guarded(check());
  });
}
