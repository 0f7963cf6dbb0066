import { getNodeValue, type Node } from 'jsonc-parser';
import path from 'node:path';
import type { ArchitectureOverride } from '../../../../protocol/manifest';
import { featureKinds, type ArchitectureSummary, type FeatureKind } from '../../../../protocol/model';
import { errorAt } from '../../jobs/manifest/checkShape';
import { manifestPath, resolvePath } from '../../jobs/manifest/manifestPaths';
import { parseIds } from '../../jobs/manifest/modelSettings';
import type { ManifestProblem } from '../../jobs/manifest/problem';
import { textOf, valueOf } from '../../jobs/manifest/visitShape';
import type { EntryView, ManifestView } from './manifestView';
import { checkTensorNames, tensorTable } from './tensorNames';
import { modelsByEntry, targetOf, type ManifestWorld } from './world';

/** Models of one pattern that are looked at; those beyond are looked at when they are scanned. */
const mostPerEntry = 20;

/** What of a manifest contradicts the models that it speaks of, and their data. */
export async function checkModels(view: ManifestView, world: ManifestWorld): Promise<ManifestProblem[]> {
  if (!world.looksIntoFiles) return [];
  const models = modelsByEntry(view, world);
  const found = await Promise.all(
    view.entries.map(async (entry, i) => {
      for (const model of models[i].slice(0, mostPerEntry)) {
        // One model of a pattern speaks for the others.
        const problems = await checkModel(resolvePath(model, view.file), entry, view, world);
        if (problems.length > 0) return problems;
      }
      return [];
    }),
  );
  return found.flat();
}

async function checkModel(
  model: string,
  entry: EntryView,
  view: ManifestView,
  world: ManifestWorld,
): Promise<ManifestProblem[]> {
  const vouched = valueOf(entry.node, 'architecture');
  const { architecture, failure } = await world.model(model, vouched && architectureAt(vouched));
  const name = path.basename(model);
  const output = checkOutput(model, entry, view);
  const names = tensorTable(entry) ? checkTensorNames(entry, await world.tensors(model), name) : [];
  // Where they are wrong, so is what was made of the tensors.
  if (names.length > 0) return [...output, ...names];
  if (architecture === undefined) {
    if (vouched) return [...output, errorAt(vouched, 'architecture', `${name}: ${failure ?? 'not recognised'}`)];
    const message = `${name} cannot be assessed for backdoors: ${failure ?? 'its architecture is not known'}`;
    return [...output, { ...errorAt(entry.model, 'architecture', message), severity: 'warning' }];
  }
  const classNames = checkClassNames(entry, architecture, name);
  return [...output, ...classNames, ...(await checkData(architecture, name, entry, view, world))];
}

/** What the user vouches for; parts of the wrong form are told of already. */
function architectureAt(node: Node): ArchitectureOverride {
  return node.type === 'object' ? (getNodeValue(node) as ArchitectureOverride) : {};
}

function checkOutput(model: string, { node }: EntryView, { tree }: ManifestView): ManifestProblem[] {
  const output = valueOf(valueOf(node, 'purify'), 'output') ?? valueOf(tree && valueOf(tree, 'purify'), 'output');
  const written = textOf(output);
  const extension = path.extname(model);
  if (output === undefined || written === undefined) return [];
  if (path.extname(written).toLowerCase() === extension.toLowerCase()) return [];
  const message = `The purified model has the format of ${path.basename(model)}: its name must end in ${extension}`;
  return [errorAt(output, 'value', message)];
}

function checkClassNames({ node }: EntryView, { classes }: ArchitectureSummary, name: string): ManifestProblem[] {
  const classNames = valueOf(node, 'classNames');
  const count = classNames?.children?.length;
  if (classNames?.type !== 'array' || count === classes) return [];
  return [errorAt(classNames, 'class-names', `${name} tells ${classes} classes apart; there are ${count} names here`)];
}

async function checkData(
  architecture: ArchitectureSummary,
  name: string,
  entry: EntryView,
  view: ManifestView,
  world: ManifestWorld,
): Promise<ManifestProblem[]> {
  const own = valueOf(entry.node, 'data');
  const data = own ?? valueOf(view.tree, 'data');
  const folder = textOf(valueOf(data, 'folder'));
  const target = folder ? targetOf(folder, view, world) : undefined;
  if (data === undefined || target === undefined) return [];
  if ((await world.kindOf(target)) !== 'folder') return []; // told of already
  const fit = await world.data(target, architecture);
  const features = valueOf(data, 'features');
  const kind = featureKinds.find((one) => one === textOf(features));
  // What holds for all models is wrong for this one: the place to mend it is its entry.
  const at = (node: Node | undefined): Node => (own ? (node ?? own) : entry.model);
  if (kind && !fits(kind, fit.fitting, architecture)) {
    const known = fit.fitting.length > 0 ? `${fit.fitting.join(', ')} would fit` : (fit.reason ?? 'nothing of it fits');
    const message = `${name} takes ${architecture.inputs} features per node, and "${kind}" of ${fit.name} are not so many: ${known}`;
    return [errorAt(at(features), 'data', message, own ? fit.fitting : [])];
  }
  if (!kind && fit.fitting.length === 0) {
    const message = `${name} cannot run on ${fit.name}: ${fit.reason ?? 'nothing of it fits'}`;
    return [
      errorAt(at(valueOf(data, 'folder')), 'data', message, own ? await fittingFolders(architecture, view, world) : []),
    ];
  }
  return checkIds(data, fit.graphs, fit.name, view, world);
}

/** Degrees and constants are made to measure where somebody asks for them, unless the model embeds what it takes. */
function fits(
  kind: FeatureKind,
  fitting: readonly FeatureKind[],
  { embeddings }: Pick<ArchitectureSummary, 'embeddings'>,
): boolean {
  const isToMeasure = embeddings === undefined && (kind === 'degree' || kind === 'constant');
  return isToMeasure || fitting.includes(kind);
}

async function fittingFolders(
  architecture: ArchitectureSummary,
  { file }: ManifestView,
  world: ManifestWorld,
): Promise<string[]> {
  const fitting = await Promise.all(
    world.dataFolders.map(async (folder) =>
      (await world.data(folder, architecture)).fitting.length > 0 ? [manifestPath(folder, file)] : [],
    ),
  );
  return fitting.flat().slice(0, 3);
}

/** Ids of graphs that the data set does not have. */
async function checkIds(
  data: Node,
  graphs: number,
  name: string,
  view: ManifestView,
  world: ManifestWorld,
): Promise<ManifestProblem[]> {
  const problems: ManifestProblem[] = [];
  for (const node of [valueOf(data, 'cleanIds'), valueOf(data, 'testIds')]) {
    const written = textOf(node);
    const target = written ? targetOf(written, view, world) : undefined;
    if (node === undefined || target === undefined) continue;
    const ids = await world
      .read(target)
      .then((text) => parseIds(text, (reason) => new Error(reason)))
      .catch((): number[] => []); // told of already
    const beyond = ids.find((id) => id >= graphs);
    if (beyond === undefined) continue;
    problems.push(errorAt(node, 'ids', `There is no graph ${beyond}: ${name} has ${graphs}, counted from 0`));
  }
  return problems;
}
