import type * as vscode from 'vscode';
import { ManifestSettingsRequest } from '../../protocol/manifest';
import type { Server } from '../server';
import { setting } from '../settings';

/** What a purification is set up with where nobody says otherwise. */
export interface PurifyDefaults {
  /** Address of the output that the manifest names. */
  readonly output?: string;
  /** Absent where the manifest names the clean graphs. */
  readonly holdingRate?: number;
  readonly seed: number;
}

/**
 * What the manifest of a model says of its purification, and the settings for the rest.
 *
 * @throws the server's error where the manifest cannot be used
 */
export async function purifyDefaults(server: Server, model: vscode.Uri): Promise<PurifyDefaults> {
  const params: ManifestSettingsRequest.Params = { uri: model.toString() };
  const said = await server.request<ManifestSettingsRequest.Result>(ManifestSettingsRequest.method, params);
  const holdingRate = said?.holdingRate ?? setting('purify.holdingRate', model);
  return {
    output: said?.output,
    holdingRate: said?.namesCleanGraphs ? undefined : holdingRate,
    seed: said?.seed ?? setting('seed', model),
  };
}
