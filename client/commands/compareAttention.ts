import * as vscode from 'vscode';
import type { AttentionComparison, AttentionOverview } from '../../protocol/attention';
import { DataCandidatesRequest } from '../../protocol/requests';
import { chooseGraph } from '../attention/chooseGraph';
import { choosePair, pairOf, type AttentionPair } from '../attention/choosePair';
import { receiptOrigin } from '../attention/receipts';
import type { Context } from '../context';
import { isCancellation } from '../errors';
import { fileExists, fileName } from '../files';
import { askForModelFile, isModelFile } from '../modelFiles';
import { notifyFailure } from '../notify';
import { chooseData } from '../purify/chooseData';
import { mayCompareAttention } from '../trust';
import { attentionRequest } from './attentionRequest';

/**
 * `graphnad.compareAttention`: compares two models, or one with itself, and opens the graph that the user chooses as a
 * diff.
 *
 * @returns what was found out; nothing when the user gave up, or it failed
 */
export function compareAttention(
  context: Context,
): (argument?: unknown, selected?: unknown) => Promise<AttentionOverview | undefined> {
  return async (argument, selected) => {
    if (!mayCompareAttention()) return undefined;
    const request = attentionRequest(argument);
    try {
      const pair = request.before ? await givenPair(request.before, request.after, selected) : await askedPair();
      if (pair === undefined) return undefined;
      const data = request.data ?? (await dataFor(context, pair));
      if (data === undefined) return undefined;
      const comparison: AttentionComparison = {
        beforeUri: pair.before.toString(),
        ...(pair.after && { afterUri: pair.after.toString() }),
        dataUri: data.toString(),
      };
      const wanted = typeof request.graph === 'number' ? request.graph : undefined;
      const { overview, graph } = await context.attention.compare(comparison, wanted, request.token);
      const choice = request.graph === undefined ? await chooseGraph(overview) : { graph: graph.id, view: graph.view };
      if (choice !== undefined) await context.attention.open({ comparison, ...choice });
      return overview;
    } catch (error) {
      if (!isCancellation(error)) notifyFailure('The attention could not be compared', error, context.log);
      return undefined;
    }
  };
}

/** @param selected what is selected in the Explorer: two models there are compared with each other */
async function givenPair(
  before: vscode.Uri,
  after: vscode.Uri | 'itself' | undefined,
  selected: unknown,
): Promise<AttentionPair | undefined> {
  if (after === 'itself') return { before };
  if (after !== undefined) return { before, after };
  const others = (Array.isArray(selected) ? (selected as unknown[]) : []).filter(
    (other): other is vscode.Uri =>
      other instanceof vscode.Uri && isModelFile(other) && other.toString() !== before.toString(),
  );
  return others.length === 1 ? pairOf(before, others[0]) : choosePair(before);
}

async function askedPair(): Promise<AttentionPair | undefined> {
  const model = await askForModelFile('Compare Attention');
  return model && choosePair(model);
}

/** The data that the purified model was made with, else those of the workspace that fit best; else the user is asked. */
async function dataFor({ server }: Context, { before, after }: AttentionPair): Promise<vscode.Uri | undefined> {
  const { data } = after ? await receiptOrigin(after) : {};
  if (data !== undefined && (await fileExists(data))) return data;
  const params: DataCandidatesRequest.Params = { uri: before.toString() };
  const candidates = await server.request<DataCandidatesRequest.Result>(DataCandidatesRequest.method, params);
  const best = candidates.find(({ fitting }) => fitting.length > 0);
  if (best !== undefined) return vscode.Uri.parse(best.uri);
  return chooseData(server, before, `Compare Attention of ${fileName(before)}: Clean Data`);
}
