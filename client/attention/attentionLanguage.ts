import * as vscode from 'vscode';
import { attentionScheme } from '../../protocol/attention';
import { attentionLines, nodeAt, type LayerLines, type NodeLine } from './attentionLines';
import { readPlace } from './attentionPlace';
import type { AttentionSource } from './attentionSource';
import { nodeHover } from './nodeHover';

const selector = { scheme: attentionScheme };

/** Folding, outline and hovers of attention documents. */
export function registerAttentionLanguage(source: AttentionSource): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: (document) => layersOf(document).map(({ line, end }) => new vscode.FoldingRange(line, end)),
    }),
    vscode.languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: (document) => layersOf(document).map((layer) => layerSymbol(document, layer)),
    }),
    vscode.languages.registerHoverProvider(selector, {
      provideHover: (document, position) => hover(source, document, position),
    }),
  );
}

/** The layers of a document, read anew only when its text has changed. */
export function layersOf(document: vscode.TextDocument): LayerLines[] {
  const known = parsed.get(document);
  if (known?.version === document.version) return known.layers;
  const layers = attentionLines(document.getText().split(/\r?\n/));
  parsed.set(document, { version: document.version, layers });
  return layers;
}

const parsed = new WeakMap<vscode.TextDocument, { readonly version: number; readonly layers: LayerLines[] }>();

function layerSymbol(
  document: vscode.TextDocument,
  { layer, line, end, figures, nodes }: LayerLines,
): vscode.DocumentSymbol {
  const head = document.lineAt(line).range;
  const range = new vscode.Range(head.start, document.lineAt(end).range.end);
  const symbol = new vscode.DocumentSymbol(`layer ${layer}`, figures, vscode.SymbolKind.Namespace, range, head);
  symbol.children = nodes.filter(({ trigger }) => trigger !== undefined).map((node) => nodeSymbol(document, node));
  return symbol;
}

/** The nodes that carry the trigger are what one looks for. */
function nodeSymbol(document: vscode.TextDocument, { node, line, attention }: NodeLine): vscode.DocumentSymbol {
  const { range } = document.lineAt(line);
  const detail = `trigger${attention === undefined ? '' : `   ${attention.toFixed(2)}`}`;
  return new vscode.DocumentSymbol(`node ${node}`, detail, vscode.SymbolKind.Constant, range, range);
}

async function hover(
  source: AttentionSource,
  document: vscode.TextDocument,
  { line }: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const place = readPlace(document.uri.query);
  const at = nodeAt(layersOf(document), line);
  if (place === undefined || at === undefined) return undefined;
  const { graph } = await source.get(place.comparison, place);
  const lines = nodeHover(graph, at.layer, at.node.node);
  return lines && new vscode.Hover(new vscode.MarkdownString(lines.join('\n\n')), document.lineAt(line).range);
}
