import type { AttentionGraph, AttentionSide, AttentionViewName } from '../../protocol/attention';
import type { AttentionPictureState } from '../../protocol/attentionPicture';
import { html } from '../dom';
import { button } from '../toolkit';
import { drawSide } from './drawSide';
import { graphLayout, unionOfEdges, type GraphLayout } from './graphLayout';
import { legend } from './legend';
import { mostChangedLayer, nodeDetails } from './nodeText';

interface Actions {
  readonly step: (by: 1 | -1) => void;
  readonly view: (view: AttentionViewName) => void;
  readonly openText: () => void;
  /** Another layer is looked at. */
  readonly layer: (layer: number) => void;
}

const hint = 'Point at a node, or go to one with Tab and the arrow keys.';

/** The whole page: what is compared, controls, the graph before and after, and what is known of the node looked at. */
export class AttentionView {
  private readonly heading = html('h1');
  private readonly facts = html('p', { class: 'facts quiet' });
  private readonly slider = html('input', { type: 'range', id: 'layer', min: 1, step: 1 });
  private readonly layerText = html('output', { for: 'layer' });
  private readonly layers = html(
    'div',
    { class: 'layers' },
    html('label', { for: 'layer' }, 'Layer'),
    this.slider,
    this.layerText,
  );
  private readonly toggle = button('', () => this.switchView(), 'secondary');
  private readonly sides = html('div', { class: 'sides' });
  private readonly details = html('p', { class: 'details', role: 'status' }, hint);
  private readonly key: HTMLElement = html('div');
  private state: AttentionPictureState | undefined;
  private layout: { readonly of: AttentionGraph; readonly layout: GraphLayout } | undefined;
  private reachable = 0;

  constructor(
    root: HTMLElement,
    private readonly actions: Actions,
  ) {
    const controls = html(
      'div',
      { class: 'controls' },
      html(
        'div',
        { class: 'actions' },
        button('Previous Graph', () => actions.step(-1), 'secondary'),
        button('Next Graph', () => actions.step(1), 'secondary'),
        this.toggle,
        button('Open as Text', () => actions.openText(), 'secondary'),
      ),
      this.layers,
    );
    this.slider.addEventListener('input', () => this.showLayer(Number(this.slider.value)));
    root.append(this.heading, this.facts, controls, this.sides, this.details, this.key);
  }

  draw(state: AttentionPictureState): void {
    this.state = state;
    const { graph, names, views } = state;
    const isPair = state.comparison.afterUri !== undefined;
    this.heading.replaceChildren(isPair ? `${names[0]} and ${names[1]}` : names[0], `: attention on graph ${graph.id}`);
    this.facts.textContent = factsOf(state);
    this.toggle.hidden = views.length < 2;
    this.toggle.textContent = graph.view === 'clean' ? 'Show With the Trigger' : 'Show Without the Trigger';
    const count = graph.before.layers.length;
    this.slider.max = String(count);
    this.layers.hidden = count < 2;
    this.key.replaceChildren(legend(graph.after.triggerNodes.length > 0 && graph.view === 'triggered'));
    this.reachable = strongestNode(graph, this.currentLayer());
    this.drawLayer();
  }

  private showLayer(layer: number): void {
    if (this.state === undefined) return;
    this.state = { ...this.state, layer };
    this.actions.layer(layer);
    this.drawLayer();
  }

  private currentLayer(): number {
    const { state } = this;
    if (state === undefined) return 1;
    return Math.min(state.layer ?? mostChangedLayer(state.graph), state.graph.before.layers.length);
  }

  private drawLayer(): void {
    const { state } = this;
    if (state === undefined) return;
    const { graph, names } = state;
    const layer = this.currentLayer();
    this.slider.value = String(layer);
    this.layerText.textContent = `${layer} of ${graph.before.layers.length}`;
    this.slider.setAttribute('aria-valuetext', `layer ${layer} of ${graph.before.layers.length}`);
    const layout = this.layoutOf(graph);
    const isPair = state.comparison.afterUri !== undefined;
    const figure = (side: AttentionSide, when: 'before' | 'after'): HTMLElement => {
      const title = isPair
        ? names[when === 'before' ? 0 : 1]
        : side.triggered
          ? 'With the trigger'
          : 'Without the trigger';
      const figures = layerFigures(side, layer);
      const look = (node: number | undefined): void => this.look(node);
      return html(
        'figure',
        { class: when },
        html(
          'figcaption',
          {},
          html(
            'span',
            { class: 'side-title' },
            `${isPair ? (when === 'before' ? 'Before: ' : 'After: ') : ''}${title}`,
          ),
          html('span', { class: 'quiet' }, `predicted class ${side.predicted}`),
          html('span', { class: 'quiet' }, figures),
        ),
        drawSide(side, layer, layout, `${title}, layer ${layer}: ${figures}`, this.reachable, { look }),
      );
    };
    this.sides.replaceChildren(figure(graph.before, 'before'), figure(graph.after, 'after'));
    this.look(undefined);
  }

  private layoutOf(graph: AttentionGraph): GraphLayout {
    if (this.layout?.of !== graph) {
      const { before, after } = graph;
      const nodes = Math.max(before.labels.length, after.labels.length);
      this.layout = { of: graph, layout: graphLayout(nodes, unionOfEdges(before.edges, after.edges)) };
    }
    return this.layout.layout;
  }

  /** Marks a node on both sides, with its edges, and says what is known of it. */
  private look(node: number | undefined): void {
    const focused = this.sides.querySelector('.node:focus')?.getAttribute('data-node');
    const shown = node ?? (focused === null || focused === undefined ? undefined : Number(focused));
    for (const element of this.sides.querySelectorAll('.lit')) element.classList.remove('lit');
    if (this.state === undefined || shown === undefined) {
      this.details.textContent = hint;
      return;
    }
    this.reachable = shown;
    const ends = this.sides.querySelectorAll(`[data-node="${shown}"], [data-ends~="${shown}"]`);
    for (const element of ends) element.classList.add('lit');
    this.details.textContent = nodeDetails(this.state.graph, this.currentLayer(), shown);
  }

  private switchView(): void {
    const view = this.state?.graph.view;
    if (view !== undefined) this.actions.view(view === 'clean' ? 'triggered' : 'clean');
  }
}

function factsOf({ dataName, graph, rank, graphs, comparison }: AttentionPictureState): string {
  const { before, classLabel, view, change } = graph;
  const trigger = view === 'triggered' ? 'with the trigger' : 'without a trigger';
  return [
    dataName,
    `${before.labels.length} nodes`,
    `class ${classLabel}`,
    ...(comparison.afterUri === undefined ? [] : [trigger]),
    `change ${change.toFixed(2)}`,
    `number ${rank + 1} of ${graphs} by change`,
  ].join(' · ');
}

function layerFigures({ layers }: AttentionSide, layer: number): string {
  const { share = 0, gini = 0 } = layers[layer - 1] ?? {};
  return `top 5% of nodes hold ${Math.round(100 * share)}% · Gini ${gini.toFixed(2)}`;
}

/** Where looking begins: the node with the most attention before. */
function strongestNode({ before }: AttentionGraph, layer: number): number {
  const attention = before.layers[layer - 1]?.attention ?? [];
  return Math.max(0, attention.indexOf(Math.max(...attention)));
}
