/** `docs/settings.md`: the settings of all methods and attacks, from their tables and the comments in these. */
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import {
  attackKinds,
  attacksWith,
  resolveAttackOptions,
  type AttackOptions,
} from '../../server/src/attack/attackOptions';
import * as baselineTables from '../../server/src/defense/baselineSettings';
import type { Defense } from '../../server/src/defense/defense';
import { defenses } from '../../server/src/defense/defenses';
import * as graphnadTables from '../../server/src/defense/graphnadSettings';
import {
  methodTitles,
  purificationMethods,
  settingsOf,
  type PurificationMethod,
} from '../../server/src/defense/options';
import { markdownTable } from '../../server/src/report/markdown';
import { docComments, type Described } from './docComments';
import { repositoryRoot } from './paths';

/** Where the document is. */
export const settingsFile = path.join(repositoryRoot, 'docs', 'settings.md');

const intro = `# Settings of methods and attacks

<!-- Written by \`node scripts/run.mjs settings\` from the settings tables of the program; changes by hand are lost. -->

What each method of \`graphnad purify\` can be told, and each attack of a grid. What the equations and steps are is in [method.md](method.md).

## Methods

A file with the settings that are to differ from the defaults is given with \`--config\` ([user guide](user-guide.md#repeat-a-purification)):

\`\`\`json
{ "options": { "method": "graphnad", "teacherRounds": 12, "studentLearningRate": 0.0005 } }
\`\`\`

A name means the same in all methods that have it. A setting that the method does not have, or a value that is not allowed, is an error.
`;

const attackIntro = `## Attacks

Settings of the attacks in a grid file ([bench/grids](../bench/grids/README.md)), beside their \`kind\`. \`graphnad attack\` has some of them as options ([user guide](user-guide.md#make-a-backdoored-model)).
`;

/**
 * The text of {@link settingsFile}, formatted as the repository's other documents are.
 *
 * @throws RangeError where a comment is missing, or says what the tables do not
 */
export async function settingsDocument(): Promise<string> {
  const tables = new Map([
    ...docComments(sourceFile('defense/graphnadSettings')),
    ...docComments(sourceFile('defense/baselineSettings')),
  ]);
  const attacks = docComments(sourceFile('attack/attackOptions')).get('AttackOptions');
  const sections = [
    intro,
    ...purificationMethods.map((method) => methodSection(method, tables)),
    attackIntro,
    attackTable(attacks?.members ?? new Map()),
  ];
  return format(sections.join('\n'), { ...(await resolveConfig(settingsFile)), parser: 'markdown' });
}

function sourceFile(name: string): string {
  return path.join(repositoryRoot, 'server', 'src', `${name}.ts`);
}

/** Every purification fine-tunes the suspect: what that is to a method. */
const fineTunedIs: Readonly<Record<Defense<never>['fineTunedIs'], string>> = {
  result: 'The suspect fine-tuned on the clean graphs is the result.',
  teacher: 'The suspect fine-tuned on the clean graphs is the teacher.',
  comparison: 'The suspect fine-tuned on the clean graphs is what the result is compared with.',
};

function methodSection(method: PurificationMethod, tables: ReadonlyMap<string, Described>): string {
  const { source, fineTunedIs: role } = defenses[method];
  const title = methodTitles[method];
  const settings = settingsOf[method];
  const own = Object.entries({ ...graphnadTables, ...baselineTables }).find(([, table]) => table === settings);
  const comments = new Map([...tables.values()].flatMap(({ members }) => [...members]));
  const rows = Object.entries(settings).map(([name, setting]) => [
    code(name),
    defaultText(method, name, setting.default),
    setting.allowed,
    needed(comments.get(name), name),
  ]);
  return [
    `### \`${method}\`: ${title}\n`,
    `${linked(needed(tables.get(own?.[0] ?? '')?.comment, method))} ${fineTunedIs[role]}\n`,
    `Source: ${linked(source)}.\n`,
    markdownTable([['setting', 'default', 'allowed', 'meaning'], ...rows]),
  ].join('\n');
}

function defaultText(method: PurificationMethod, name: string, value: unknown): string {
  const small: Readonly<Record<string, unknown>> = method === 'graphnad' ? graphnadTables.smallSetDefaults(0) : {};
  const usual = valueText(value);
  if (small[name] === undefined) return usual;
  return `${usual}; ${valueText(small[name])} with fewer than ${graphnadTables.SMALL_CLEAN_SET} clean graphs`;
}

function attackTable(comments: ReadonlyMap<string, string>): string {
  const defaults = new Map<string, unknown>(Object.entries(resolveAttackOptions({ kind: 'subgraph', target: 0 })));
  const settings = [...comments].filter(([name]) => name !== 'kind');
  const rows = settings.map(([name, meaning]) => {
    if (name !== 'target' && defaults.has(name) && !meaning.includes(`Default ${String(defaults.get(name))}`))
      throw new RangeError(`the comment on ${name} does not say that its default is ${String(defaults.get(name))}`);
    const attacks = attacksWith(name as keyof AttackOptions);
    return [code(name), attacks.length === attackKinds.length ? 'all' : attacks.map(code).join(', '), meaning];
  });
  return markdownTable([['setting', 'attacks', 'meaning'], ...rows]);
}

/** Whoever adds a setting says what it is. */
function needed(comment: string | undefined, name: string): string {
  if (comment === undefined) throw new RangeError(`${name} has no comment to describe it by`);
  return comment;
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? code(value) : String(value);
}

function code(name: string): string {
  return `\`${name}\``;
}

/** Documents are named from the top of the repository in comments. */
function linked(text: string): string {
  return text.replaceAll('docs/method.md', '[method.md](method.md)');
}
