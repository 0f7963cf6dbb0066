/** Parts of a page. One is drawn anew only when what it shows has changed, so that focus and selection stay. */
export class Parts {
  private readonly drawn = new Map<string, { readonly inputs: string | undefined; readonly node: Node }>();

  /** Gives a part its place, behind what `parent` holds by now. An empty part holds it, too. */
  place(name: string, parent: Node): void {
    const node = document.createComment(name);
    parent.appendChild(node);
    this.drawn.set(name, { inputs: undefined, node });
  }

  /** @param inputs all that the part shows, as JSON can say it */
  draw(name: string, inputs: unknown, render: () => Node | undefined): void {
    const before = this.drawn.get(name);
    const key = JSON.stringify(inputs) ?? '';
    if (before === undefined || before.inputs === key) return;
    const node = render() ?? document.createComment(name);
    replace(before.node, node);
    this.drawn.set(name, { inputs: key, node });
  }
}

/** Keyboard users go on where they were: at what is called the same, else at the first thing to press. */
function replace(before: Node, after: Node): void {
  const focused = before.contains(document.activeElement) ? document.activeElement : null;
  before.parentNode?.replaceChild(after, before);
  if (focused === null || !(after instanceof Element)) return;
  const pressable = [...after.querySelectorAll<HTMLElement>('vscode-button, button, summary')];
  (pressable.find(({ textContent }) => textContent === focused.textContent) ?? pressable.at(0))?.focus();
}
