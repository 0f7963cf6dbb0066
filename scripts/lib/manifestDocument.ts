/** What is made from the form of `graphnad.json`: its JSON schema and `docs/graphnad-json.md`. */
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { jsonSchema } from '../../server/src/jobs/manifest/jsonSchema';
import { manifestShape } from '../../server/src/jobs/manifest/manifestShape';
import { allowedNumbers, type ObjectShape, type Shape } from '../../server/src/jobs/manifest/shape';
import { markdownTable } from '../../server/src/report/markdown';
import { repositoryRoot } from './paths';

export const manifestSchemaFile = path.join(repositoryRoot, 'schemas', 'graphnad.schema.json');
export const manifestDocumentFile = path.join(repositoryRoot, 'docs', 'graphnad-json.md');

/** The text of {@link manifestSchemaFile}. */
export async function manifestSchema(): Promise<string> {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'graphnad.json',
    ...jsonSchema(manifestShape),
    allowComments: true,
    allowTrailingCommas: true,
  };
  return format(JSON.stringify(schema), { ...(await resolveConfig(manifestSchemaFile)), parser: 'json' });
}

const intro = `# graphnad.json

<!-- Written by \`node scripts/run.mjs manifest\` from the form of the file in the program; changes by hand are lost. -->

${manifestShape.description} The file is optional, and so is everything in it. What it is good for, and how the editor helps to write it, is in the [user guide](user-guide.md#graphnadjson).

\`\`\`jsonc
{
  // Clean data of all models that name none of their own.
  "data": { "folder": "data/AIDS", "features": "labels" },
  "failOn": "warning",
  "models": [
    {
      "model": "models/gin_aids.pt",
      "classNames": ["inactive", "active"],
      "architecture": { "readout": "sum" },
      "purify": { "holdingRate": 0.05, "output": "purified/{name}.pt" },
    },
    { "model": "models/proteins/*.pt", "data": { "folder": "data/PROTEINS" } },
  ],
}
\`\`\`

**Which file counts.** The nearest one above a model: in its folder, or in one of those above it. In VS Code the search ends at the workspace folder, on the command line at the top of the git repository, or at the current folder where there is none. \`--manifest FILE\` names another, \`--no-manifest\` goes by none.

**Which entry counts.** The one with the path of the model, else the first with a pattern that matches it. What an entry leaves out is as at the top of the file. Patterns have \`*\` and \`?\` within a name, \`**\` over any number of folders, \`{a,b}\`, \`[a-z]\` and \`[!a-z]\`.

**What comes first.** Options of the command line and what you choose in VS Code come before the file, the file before the settings of VS Code. A receipt (\`--config\`) is repeated without it.

**Paths** are relative to the file, with forward slashes, and may not lead out of the workspace folder (on the command line: of the folder of the file), neither by a link nor by the name that \`{name}\` stands for.

A file with an error in it is not used at all, and no model that it concerns gets a verdict until it is mended; their code is looked at all the same. An error, too, is a file over 1 MiB, values more than 100 deep in one another, and patterns that have more than 16,384 characters together, with what is in braces written out.
`;

/** The text of {@link manifestDocumentFile}, formatted as the repository's other documents are. */
export async function manifestDocument(): Promise<string> {
  const sections = [intro, ...sectionsOf('At the top', manifestShape, 'models[]')];
  return format(sections.join('\n'), { ...(await resolveConfig(manifestDocumentFile)), parser: 'markdown' });
}

/** A section for an object and one for each kind of object in it that was not described before. */
function sectionsOf(title: string, shape: ObjectShape, lists: string, known = new Set<Shape>()): string[] {
  if (known.has(shape)) return [];
  known.add(shape);
  const rows = Object.entries(shape.properties).map(([name, part]) => [
    `\`${name}\`${shape.required.includes(name) ? ' (required)' : ''}`,
    allowed(part),
    'default' in part && part.default !== undefined ? `\`${String(part.default)}\`` : '',
    part.description,
  ]);
  const nested = Object.entries(shape.properties).flatMap(([name, part]) => {
    if (part.kind === 'object') return sectionsOf(`\`${name}\``, part, lists, known);
    return part.kind === 'list' && part.items.kind === 'object'
      ? sectionsOf(`\`${lists}\``, part.items, lists, known)
      : [];
  });
  return [
    `## ${title}\n`,
    `${shape.description}\n`,
    markdownTable([['property', 'allowed', 'default', 'meaning'], ...rows]),
    ...nested,
  ];
}

function allowed(shape: Shape): string {
  switch (shape.kind) {
    case 'object':
      return 'an object, see below';
    case 'list':
      return shape.items.kind === 'object' ? 'a list of objects, see below' : `a list: each ${allowed(shape.items)}`;
    case 'text':
      return shape.choices?.map(({ value }) => `\`${value}\``).join(', ') ?? (shape.path ? 'a path' : 'a text');
    case 'number':
      return allowedNumbers(shape);
    case 'flag':
      return '`true` or `false`';
    case 'options':
      return 'settings of the [method](settings.md)';
    case 'names':
      return 'an object of texts, under any names';
  }
}
