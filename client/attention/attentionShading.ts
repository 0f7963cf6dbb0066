import * as vscode from 'vscode';
import { attentionScheme } from '../../protocol/attention';
import { layersOf } from './attentionLanguage';
import { shadeOf, shades } from './attentionLines';

/** Shades the bars of attention documents, and marks the nodes that carry the trigger, in colours of the theme. */
export class AttentionShading implements vscode.Disposable {
  private readonly bars = Array.from({ length: shades }, (_, shade) => {
    const backgroundColor = new vscode.ThemeColor(`graphnad.attention${shade + 1}`);
    // The marks that make the bar become one surface, also where a diff tints some of them.
    return vscode.window.createTextEditorDecorationType({ color: 'transparent', backgroundColor });
  });
  private readonly trigger = vscode.window.createTextEditorDecorationType({
    color: new vscode.ThemeColor('graphnad.attentionTrigger'),
  });
  private readonly subscriptions = [
    vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach((editor) => this.shade(editor))),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.shade(editor);
    }),
  ];

  constructor() {
    vscode.window.visibleTextEditors.forEach((editor) => this.shade(editor));
  }

  dispose(): void {
    for (const part of [...this.bars, this.trigger, ...this.subscriptions]) void part.dispose();
  }

  private shade(editor: vscode.TextEditor): void {
    if (editor.document.uri.scheme !== attentionScheme) return;
    const bars: vscode.Range[][] = this.bars.map(() => []);
    const marks: vscode.Range[] = [];
    for (const { line, attention = 0, bar, trigger } of layersOf(editor.document).flatMap(({ nodes }) => nodes)) {
      const [start, end] = bar;
      if (end > start) bars[shadeOf(attention)].push(new vscode.Range(line, start, line, end));
      if (trigger !== undefined) marks.push(new vscode.Range(line, trigger, line, trigger + 'trigger'.length));
    }
    this.bars.forEach((type, shade) => editor.setDecorations(type, bars[shade]));
    editor.setDecorations(this.trigger, marks);
  }
}
