import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver';
import { isSaidBySchema, type ManifestProblem } from '../../jobs/manifest/problem';
import { checkModels } from './checkModels';
import { checkPaths } from './checkPaths';
import { rangeOf, type ManifestView } from './manifestView';
import type { ManifestWorld } from './world';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

/** More problems than these help nobody to mend a manifest. */
const mostShown = 500;

/** All that is wrong with a manifest, in the order of its text. */
export async function problemsOf(view: ManifestView, world: ManifestWorld): Promise<ManifestProblem[]> {
  const [paths, models] = await Promise.all([checkPaths(view, world), checkModels(view, world)]);
  return [...view.problems, ...paths, ...models].sort((a, b) => a.offset - b.offset);
}

/**
 * Problems as diagnostics.
 *
 * @param clientHasSchema the editor checks the form of manifests by itself, so that it need not be said twice
 */
export function manifestDiagnostics(
  { document }: ManifestView,
  problems: readonly ManifestProblem[],
  clientHasSchema: boolean,
): Diagnostic[] {
  return problems
    .filter((problem) => !clientHasSchema || !isSaidBySchema(problem))
    .slice(0, mostShown)
    .map((problem) => ({
      range: rangeOf(document, problem),
      severity: severities[problem.severity],
      source: 'GraphNAD',
      code: problem.code,
      message: `${problem.message}.`,
    }));
}
