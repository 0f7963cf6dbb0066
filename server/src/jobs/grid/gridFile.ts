import path from 'node:path';
import { modelKinds, readouts } from '../../../../protocol/model';
import { JsonFileError, parseJsonFile } from '../../attack/jsonFile';
import type { JsonPlace } from '../../attack/jsonPlace';
import { purificationMethods, settingsOf, type PurificationMethod } from '../../defense/options';
import { hasHeads } from '../newArchitecture';
import { attackSettings, gridAttackKinds, share } from './suspectKinds';
import {
  gridFeatures,
  type DataSource,
  type Grid,
  type GridArchitecture,
  type GridAttack,
  type GridData,
  type GridDefense,
  type GridTraining,
} from './grid';

/** A grid file that cannot be used: which file, where in it, and why. */
export class GridFileError extends JsonFileError {
  override readonly name = 'GridFileError';
}

const largestSeed = 0xffffffff;
/** Names stand in file names, filters and tables. */
const namePattern = /^[A-Za-z0-9][\w.+=-]*( [\w.+=-]+)*$/;

/**
 * Reads a grid file; `bench/grids/README.md` describes it. Whatever it does not know is an error, so that no setting is
 * lost to a misspelt name.
 *
 * @param file its path: names the grid, and folders of data are relative to it
 * @param dataFolder where the data sets' folders are to be found by their last names instead
 * @throws GridFileError
 */
export function parseGrid(text: string, file: string, dataFolder?: string): Grid {
  const { json } = parseJsonFile(text, file, GridFileError);
  onlyKeys(json, [
    ...['title', 'description', 'data', 'attacks', 'architectures', 'training', 'defenses', 'holdingRates'],
    ...['attackSeeds', 'defenseSeeds', 'attention', 'goal', 'plot'],
  ]);
  const folderOf = (given: string): string =>
    dataFolder === undefined ? path.resolve(path.dirname(file), given) : path.join(dataFolder, path.basename(given));
  const grid: Grid = {
    name: path.basename(file, '.json'),
    title: json.get('title').text(),
    description: optional(json.get('description'), (place) => place.text(), ''),
    data: someItems(json.get('data')).map((place) => readData(place, folderOf)),
    attacks: someItems(json.get('attacks')).map(readAttack),
    architectures: someItems(json.get('architectures')).map(readArchitecture),
    training: readTraining(json.get('training')),
    defenses: someItems(json.get('defenses')).map(readDefense),
    holdingRates: optional(json.get('holdingRates'), (place) => distinct(place, share), [0.03]),
    attackSeeds: optional(json.get('attackSeeds'), (place) => distinct(place, seed), [0]),
    defenseSeeds: optional(json.get('defenseSeeds'), (place) => distinct(place, seed), [0]),
    attention: optional(json.get('attention'), (place) => place.boolean(), false),
    goal: optional(json.get('goal'), (place) => distinct(place, (item) => item.text()), []),
    plot: optional(json.get('plot'), readPlot, undefined),
  };
  requireDistinctNames(grid, json);
  requireAuxiliaryData(grid, json);
  requireKnownGoal(grid, json.get('goal'));
  return grid;
}

type FolderOf = (given: string) => string;

function readData(json: JsonPlace, folderOf: FolderOf): GridData {
  onlyKeys(json, ['name', 'folder', 'synthetic', 'features', 'target', 'auxiliary']);
  return {
    name: readName(json.get('name')),
    source: readSource(json, folderOf),
    features: optional(json.get('features'), (place) => place.oneOf(gridFeatures), 'labels-dense'),
    target: optional(json.get('target'), (place) => place.integer(0, 1000), 0),
    auxiliary: optional(
      json.get('auxiliary'),
      (place) => {
        onlyKeys(place, ['name', 'folder', 'synthetic']);
        return { name: readName(place.get('name')), source: readSource(place, folderOf) };
      },
      undefined,
    ),
  };
}

function readSource(json: JsonPlace, folderOf: FolderOf): DataSource {
  const folder = json.get('folder');
  const synthetic = json.get('synthetic');
  if (folder.isNothing === synthetic.isNothing) throw json.error('needs either a folder or synthetic');
  if (!folder.isNothing) return { folder: folderOf(folder.text()) };
  onlyKeys(synthetic, ['graphs', 'seed']);
  return {
    synthetic: { graphs: synthetic.get('graphs').integer(10, 1_000_000), seed: seed(synthetic.get('seed')) },
  };
}

function readAttack(json: JsonPlace): GridAttack {
  const kind = json.get('kind').oneOf(gridAttackKinds);
  const settings = attackSettings(kind);
  onlyKeys(json, ['name', 'kind', ...settings.map(([name]) => name)]);
  const options = settings
    .map(([name, read]) => [name, json.get(name), read] as const)
    .filter(([, place]) => !place.isNothing)
    .map(([name, place, read]) => [name, read(place)] as const);
  return { name: optional(json.get('name'), readName, kind), kind, options: Object.fromEntries(options) };
}

function readArchitecture(json: JsonPlace): GridArchitecture {
  const kind = json.get('kind').oneOf(modelKinds);
  onlyKeys(json, ['name', 'kind', 'layers', 'hidden', 'readout', 'batchNorm', ...(hasHeads(kind) ? ['heads'] : [])]);
  const hidden = optional(json.get('hidden'), (place) => place.integer(1, 1024), 64);
  const heads = json.get('heads');
  return {
    name: optional(json.get('name'), readName, kind),
    kind,
    layers: optional(json.get('layers'), (place) => place.integer(1, 5), 3),
    hidden,
    readout: optional(json.get('readout'), (place) => place.oneOf(readouts), 'sum'),
    batchNorm: optional(json.get('batchNorm'), (place) => place.boolean(), true),
    ...(heads.isNothing ? {} : { heads: divisor(heads, hidden) }),
  };
}

function divisor(json: JsonPlace, hidden: number): number {
  const heads = json.integer(1, 64);
  if (hidden % heads !== 0) throw json.error(`expected a divisor of the ${hidden} hidden channels, found ${heads}`);
  return heads;
}

function readTraining(json: JsonPlace): GridTraining {
  if (!json.isNothing) onlyKeys(json, ['epochs', 'learningRate', 'batchSize']);
  const part = <T>(name: string, read: (place: JsonPlace) => T, fallback: T): T =>
    json.isNothing ? fallback : optional(json.get(name), read, fallback);
  return {
    epochs: part('epochs', (place) => place.integer(1, 10_000), 50),
    learningRate: part('learningRate', positive, 0.01),
    batchSize: part('batchSize', (place) => place.integer(2, 100_000), 32),
  };
}

function readDefense(json: JsonPlace): GridDefense {
  onlyKeys(json, ['name', 'method', 'options', 'cleanSet']);
  const method = json.get('method').oneOf(purificationMethods);
  return {
    name: optional(json.get('name'), readName, method),
    method,
    options: optional(json.get('options'), (place) => readOptions(place, method), {}),
    cleanSet: optional(json.get('cleanSet'), (place) => place.oneOf(['own', 'auxiliary'] as const), 'own'),
  };
}

/** Settings of a defense, as its own table has them. */
function readOptions(json: JsonPlace, method: PurificationMethod): Record<string, unknown> {
  const settings = settingsOf[method];
  onlyKeys(json, Object.keys(settings));
  const given = Object.keys(settings).filter((name) => !json.get(name).isNothing);
  return Object.fromEntries(
    given.map((name): [string, unknown] => {
      const place = json.get(name);
      const { default: usual, allowed, accepts } = settings[name];
      const value =
        typeof usual === 'number' ? place.number() : typeof usual === 'boolean' ? place.boolean() : place.text();
      if (!accepts(value)) throw place.error(`expected ${allowed}, found ${JSON.stringify(value)}`);
      return [name, value];
    }),
  );
}

function readPlot(json: JsonPlace): { over: string; label: string } {
  onlyKeys(json, ['over', 'label']);
  return { over: json.get('over').text(), label: json.get('label').text() };
}

function readName(json: JsonPlace): string {
  const name = json.text();
  if (!namePattern.test(name) || name.length > 60) {
    throw json.error('a name is up to 60 letters, digits, single spaces and the signs _ . + = -');
  }
  return name;
}

/** A name that stood for two things would select both, and mix them in the tables. */
function requireDistinctNames(grid: Grid, json: JsonPlace): void {
  const seen = new Map<string, string>();
  for (const part of ['data', 'attacks', 'architectures', 'defenses'] as const) {
    json
      .get(part)
      .items()
      .forEach((place, i) => {
        const { name } = grid[part][i];
        const other = seen.get(name);
        if (other !== undefined) throw place.error(`the name "${name}" is taken by ${other}; give this one another`);
        seen.set(name, `${part}[${i}]`);
      });
  }
}

function requireKnownGoal(grid: Grid, json: JsonPlace): void {
  if (json.isNothing) return;
  for (const item of json.items()) item.oneOf(grid.defenses.map(({ name }) => name));
}

function requireAuxiliaryData(grid: Grid, json: JsonPlace): void {
  if (!grid.defenses.some(({ cleanSet }) => cleanSet === 'auxiliary')) return;
  const lacking = grid.data.findIndex(({ auxiliary }) => auxiliary === undefined);
  if (lacking >= 0) throw json.get('data').items()[lacking].error('auxiliary is missing, and a defense needs it');
}

function onlyKeys(json: JsonPlace, known: readonly string[]): void {
  for (const [key, place] of json.entries()) {
    if (!known.includes(key)) throw place.error(`not known here; there are ${known.join(', ')}`);
  }
}

function optional<T>(json: JsonPlace, read: (place: JsonPlace) => T, fallback: T): T {
  return json.isNothing ? fallback : read(json);
}

function someItems(json: JsonPlace): JsonPlace[] {
  const items = json.items();
  if (items.length === 0) throw json.error('needs at least one item');
  return items;
}

function distinct<T>(json: JsonPlace, read: (place: JsonPlace) => T): T[] {
  const places = someItems(json);
  const values = places.map(read);
  values.forEach((value, i) => {
    if (values.indexOf(value) < i) throw places[i].error('stands here twice');
  });
  return values;
}

function seed(json: JsonPlace): number {
  return json.integer(0, largestSeed);
}

function positive(json: JsonPlace): number {
  const value = json.number();
  if (!(value > 0)) throw json.error(`expected a number above 0, found ${value}`);
  return value;
}
