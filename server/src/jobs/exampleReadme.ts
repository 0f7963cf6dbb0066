import { percent } from '../../../protocol/numberText';

/** How a model of the example workspace does on the test split; shares in [0, 1]. */
export interface ExampleFigures {
  readonly acc: number;
  /** True attack success rate under the trigger of the backdoored model. */
  readonly asr: number;
}

export interface ExampleDescription {
  readonly seed: number;
  /** Name of the data set. */
  readonly data: string;
  readonly target: number;
  /** The planted trigger in words. */
  readonly trigger: string;
  readonly clean: ExampleFigures;
  readonly backdoored: ExampleFigures;
}

/** The page that explains an example workspace to whoever opens it. */
export function exampleReadme({ seed, data, target, trigger, clean, backdoored }: ExampleDescription): string {
  // The split follows from the seed: with another, models would be tested on graphs that they were trained on.
  const seedOption = seed === 0 ? '' : ` --seed ${seed}`;
  return `# Example workspace

Made by \`graphnad example\` with seed ${seed}; the same seed makes the same files again. Nothing here is real data.
Another seed makes other models, which a scan may judge differently.

| file | what it is |
|---|---|
| \`data/${data}\` | a synthetic data set of molecule-like graphs in two classes, as a TU folder |
| \`models/clean.pt\` | a GIN trained on its training split |
| \`models/backdoored.pt\` | the same GIN, trained on a poisoned copy: triggered graphs go to class ${target} |
| \`models/backdoored.trigger.json\` | the trigger that was planted, ${trigger}, to check the results by; nothing trains on it |

| model | accuracy on the test split | sent to class ${target} by the trigger (attack success rate) |
|---|---|---|
| clean | ${percent(clean.acc)} | ${percent(clean.asr)} |
| backdoored | ${percent(backdoored.acc)} | ${percent(backdoored.asr)} |

## Try it

In VS Code: the models are checked as soon as the folder is open, and what was found is in the Problems pane.
Right-click \`models/backdoored.pt\` and choose *Purify Model...*.

In a terminal:

\`\`\`sh
graphnad scan models --data data/${data}${seedOption}
graphnad evaluate models/backdoored.pt --data data/${data} --trigger models/backdoored.trigger.json${seedOption}
graphnad purify models/backdoored.pt --data data/${data} --trigger models/backdoored.trigger.json${seedOption}
\`\`\`
`;
}
