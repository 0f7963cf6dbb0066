import path from 'node:path';
import { attackKinds, attacksWith, type AttackOptions } from '../attack/attacks';
import { attackModel } from '../jobs/attackTask';
import { onThreads } from '../tensor/threads';
import {
  choice,
  parseArguments,
  requiredText,
  shareOption,
  threadsOption,
  UsageError,
  type Arguments,
} from './arguments';
import { exitCode } from './exitCodes';
import { shareText, printJson, progressLine, say } from './output';
import { countOption, numberOption, trainingHelp, trainingOptions, trainRun } from './trainingOptions';

export const attackHelp = `graphnad attack --kind KIND --data DIR --out MODEL --trigger FILE [options]
  Trains a model with a backdoor, for tests and research, and writes it and its trigger.

  --kind KIND          subgraph, gta, motif, feature, topology, new-nodes, clean-label, adaptive; see the user guide
  --data DIR           data set folder (TU or OGB)
  --trigger FILE       the trigger file to write; evaluate and purify read it
  --target N           class that triggered graphs are to be predicted as; default 0
  --poison-rate R      share of the training graphs that carry the trigger; default 0.1
  --trigger-nodes N    trigger size; default: 4 to 8, by kind and data
  --density R          share of the possible edges that a trigger of subgraph or clean-label has; default 0.8
  --flatness W         weight of the loss that keeps attention and activations flat, of adaptive; default 1
${trainingHelp}`;

/** `graphnad attack`. */
export async function attack(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const args = parseArguments(
    argv,
    {
      ...trainingOptions,
      kind: { type: 'string' },
      trigger: { type: 'string' },
      target: { type: 'string' },
      'poison-rate': { type: 'string' },
      'trigger-nodes': { type: 'string' },
      density: { type: 'string' },
      flatness: { type: 'string' },
    },
    { min: 0, max: 0, what: '' },
  );
  const options = attackOptions(args);
  const run = { ...(await trainRun(args)), attack: options, trigger: path.resolve(requiredText(args, 'trigger')) };
  const threads = threadsOption(args);
  const line = progressLine(path.basename(run.output));
  const report = await onThreads(threads, () => attackModel(run, { signal, progress: line.update })).finally(line.done);
  if (args.values.json) {
    printJson(report);
    return exitCode.ok;
  }
  say(
    `${report.poisoned.length} of ${report.data.trainGraphs} training graphs carry a trigger of ${report.attack.triggerNodes} nodes`,
  );
  say(`accuracy ${shareText(report.acc)} on ${report.data.testGraphs} graphs held back`);
  say(
    `attack success rate ${shareText(report.asr)}, flip ASR ${shareText(report.flipAsr)}, ` +
      `clean target rate ${shareText(report.cleanTargetRate)} on ${report.attackedGraphs} of them`,
  );
  say(`${run.output} and ${run.trigger} written`);
  return exitCode.ok;
}

function attackOptions(args: Arguments): AttackOptions {
  const kind = choice(args, 'kind', attackKinds);
  if (kind === undefined) throw new UsageError('--kind is missing');
  for (const setting of ['density', 'flatness'] as const) {
    const kinds = attacksWith(setting);
    if (args.values[setting] === undefined || kinds.includes(kind)) continue;
    throw new UsageError(`--${setting} belongs to ${kinds.join(' and ')}; ${kind} has no such setting`);
  }
  return {
    kind,
    target: countOption(args, 'target', 1_000_000, 0) ?? 0,
    poisoningRate: shareOption(args, 'poison-rate'),
    triggerNodes: countOption(args, 'trigger-nodes', 1000, 2),
    density: shareOption(args, 'density'),
    flatness: numberOption(args, 'flatness'),
  };
}
