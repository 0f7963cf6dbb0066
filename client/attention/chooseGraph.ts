import * as vscode from 'vscode';
import {
  attentionViews,
  type AttentionGraphSummary,
  type AttentionOverview,
  type AttentionViewName,
} from '../../protocol/attention';

interface GraphItem extends vscode.QuickPickItem {
  readonly choice?: { readonly graph: number; readonly view: AttentionViewName };
}

/** Asks which graph to look at: those that changed most come first. @returns nothing when the user gave up */
export async function chooseGraph(overview: AttentionOverview): Promise<GraphItem['choice']> {
  const picked = await vscode.window.showQuickPick(graphItems(overview), {
    title: 'Compare Attention: Graph',
    placeHolder: 'The graphs whose attention changed most come first',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.choice;
}

function graphItems({ models, graphs, ranked, trigger }: AttentionOverview): GraphItem[] {
  const byId = new Map(graphs.map((graph) => [graph.id, graph]));
  const titles: Readonly<Record<AttentionViewName, string>> = {
    triggered: models.length === 1 ? 'Without and with the trigger' : 'With the trigger in them',
    clean: trigger === undefined ? 'Clean graphs' : 'As they are',
  };
  return [...attentionViews].reverse().flatMap((view) => {
    if (ranked[view].length === 0) return [];
    const items = ranked[view].flatMap((id) => {
      const graph = byId.get(id);
      return graph === undefined ? [] : [graphItem(graph, view)];
    });
    return [{ label: titles[view], kind: vscode.QuickPickItemKind.Separator }, ...items];
  });
}

function graphItem(graph: AttentionGraphSummary, view: AttentionViewName): GraphItem {
  const { id, nodes, classLabel } = graph;
  const { change = 0, before, after } = graph[view] ?? {};
  const predicted = before === after ? `predicted ${before} by both` : `predicted ${before} before, ${after} after`;
  return {
    label: `Graph ${id}`,
    description: `change ${change.toFixed(2)}`,
    detail: `${predicted} · class ${classLabel} · ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
    choice: { graph: id, view },
  };
}
