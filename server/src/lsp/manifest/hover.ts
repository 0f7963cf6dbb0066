import { findNodeAtOffset, getNodePath, type Node } from 'jsonc-parser';
import path from 'node:path';
import { MarkupKind, type Hover, type Position } from 'vscode-languageserver';
import { plural } from '../../../../protocol/numberText';
import { settingsOf } from '../../defense/options';
import { isPattern, resolvePath } from '../../jobs/manifest/manifestPaths';
import { methodAt } from '../../jobs/manifest/readManifest';
import { settingText } from '../../jobs/manifest/shape';
import { architectureText } from '../../report/architectureText';
import { purifyNodeAt, shapeAt } from './completion';
import { rangeOf, type ManifestView, type NamedPath } from './manifestView';
import { entryAt, namesIn, tensorsOfEntry } from './tensorNames';
import { modelsByEntry, targetOf, type LastScan, type ManifestWorld } from './world';

/** Models of a pattern that are listed. */
const listed = 10;

/**
 * What is known of what stands at a position: models and data sets, settings of the method and, unless the editor takes
 * them from the schema, properties.
 */
export async function hoverAt(
  view: ManifestView,
  world: ManifestWorld,
  position: Position,
  clientHasSchema: boolean,
): Promise<Hover | undefined> {
  const node = view.tree && findNodeAtOffset(view.tree, view.document.offsetAt(position));
  if (node === undefined) return undefined;
  const named = view.paths.find((one) => one.node === node);
  const lines = named
    ? await pathText(named, view, world)
    : ((await tensorText(node, view, world)) ?? propertyText(node, view, clientHasSchema));
  if (lines.length === 0) return undefined;
  return {
    range: rangeOf(view.document, node),
    contents: { kind: MarkupKind.Markdown, value: lines.join('\n\n') },
  };
}

async function pathText({ node, text, role }: NamedPath, view: ManifestView, world: ManifestWorld): Promise<string[]> {
  const target = targetOf(text, view, world);
  if (target === undefined) return ['Leads outside, so it is not looked at.'];
  if (role === 'data') return dataText(target, world);
  if (role === 'model') return modelText(target, world);
  if (role !== 'models') return [];
  const index = view.entries.findIndex((entry) => entry.model === node);
  if (index < 0 || !isPattern(text) || (await world.kindOf(target)) === 'file') return modelText(target, world);
  const models = modelsByEntry(view, world)[index];
  const rest = models.length - listed;
  return [
    `Stands for ${plural(models.length, 'model file')}.`,
    models
      .slice(0, listed)
      .map((model) => `- ${code(model)}: ${scanText(world.lastScan(resolvePath(model, view.file)))}`)
      .join('\n'),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
}

async function dataText(folder: string, world: ManifestWorld): Promise<string[]> {
  if ((await world.kindOf(folder)) !== 'folder') return ['There is no such folder.'];
  const { name, graphs, reason } = await world.data(folder);
  if (graphs === 0) return [`Cannot be read as a data set: ${markdown(reason ?? 'it holds no graphs')}.`];
  return [`**${markdown(name)}**, ${plural(graphs, 'graph')}`];
}

async function modelText(file: string, world: ManifestWorld): Promise<string[]> {
  if ((await world.kindOf(file)) !== 'file') return ['There is no such file.'];
  const { architecture, failure } = await world.model(file);
  const last = world.lastScan(file);
  return [
    architecture
      ? `**${architectureText(architecture).replaceAll('->', '→')}**`
      : `Architecture not recognised: ${markdown(failure ?? 'not known')}.`,
    `${scanText(last)}${last?.reached ? `, scanned ${last.reached.slice(0, 16).replace('T', ' ')} UTC` : ''}.`,
  ];
}

function scanText(last: LastScan | undefined): string {
  if (last === undefined) return 'Not scanned yet';
  return markdown(last.text.charAt(0).toUpperCase() + last.text.slice(1));
}

/** Of a module or tensor of the file; undefined elsewhere. */
async function tensorText(node: Node, view: ManifestView, world: ManifestWorld): Promise<string[] | undefined> {
  const property = node.parent;
  if (property?.type !== 'property' || shapeAt(getNodePath(property))?.kind !== 'names') return undefined;
  const entry = entryAt(view, node.offset);
  const name = property.children?.[0].value as string;
  if (entry === undefined) return [];
  const tensors = await tensorsOfEntry(entry, view, world);
  const found = namesIn(tensors).find((one) => one.name === name);
  if (found === undefined) return tensors.length > 0 ? ['There is no such module or tensor in the file.'] : [];
  return [`${code(name)}: ${found.detail}`];
}

/** Of a setting of the method, or a property. */
function propertyText(node: Node, view: ManifestView, clientHasSchema: boolean): string[] {
  if (node.parent?.type !== 'property' || node.parent.children?.[0] !== node) return [];
  const at = [...getNodePath(node.parent.children[1] ?? node)];
  const name = String(node.value);
  if (shapeAt(at.slice(0, -1))?.kind === 'options') {
    const method = methodAt(view.tree, purifyNodeAt(view, at));
    const settings = settingsOf[method];
    return Object.hasOwn(settings, name)
      ? [`${code(name)} of the method ${method}. ${settingText(settings[name])}`]
      : [];
  }
  const description = clientHasSchema ? undefined : shapeAt(at)?.description;
  return description === undefined ? [] : [description];
}

/** Text of files, which a stranger may have chosen, as nothing but text. */
function markdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>&~]/g, '\\$&');
}

function code(text: string): string {
  return `\`${path.posix.normalize(text).replaceAll('`', "'")}\``;
}
