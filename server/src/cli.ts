#!/usr/bin/env node
/** Entry point of the command `graphnad`. */
import process from 'node:process';
import { UsageError } from './cli/arguments';
import { attack, attackHelp } from './cli/attack';
import { attention, attentionHelp } from './cli/attention';
import { bench, benchHelp } from './cli/bench';
import { convert, convertHelp } from './cli/convert';
import { evaluate, evaluateHelp } from './cli/evaluate';
import { example, exampleHelp } from './cli/example';
import { exitCode } from './cli/exitCodes';
import { inspect, inspectHelp } from './cli/inspect';
import { say } from './cli/output';
import { predict, predictHelp } from './cli/predict';
import { product } from './cli/product';
import { purify, purifyHelp } from './cli/purify';
import { scan, scanHelp } from './cli/scan';
import { train, trainHelp } from './cli/train';
import { visible } from './report/visible';

interface Command {
  readonly help: string;
  /** @returns the exit code */
  readonly run: (argv: readonly string[], signal: AbortSignal) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  scan: { help: scanHelp, run: scan },
  purify: { help: purifyHelp, run: purify },
  attention: { help: attentionHelp, run: attention },
  inspect: { help: inspectHelp, run: inspect },
  convert: { help: convertHelp, run: convert },
  predict: { help: predictHelp, run: predict },
  evaluate: { help: evaluateHelp, run: evaluate },
  example: { help: exampleHelp, run: example },
  train: { help: trainHelp, run: train },
  attack: { help: attackHelp, run: attack },
  bench: { help: benchHelp, run: bench },
};

const overview = [
  'graphnad: finds backdoors and code payloads in graph neural network checkpoints, and removes backdoors.',
  ...Object.values(commands).map(({ help }) => help.split('\n').slice(0, 2).join('\n')),
  'graphnad COMMAND --help tells more; graphnad --version tells the version.',
].join('\n\n');

async function main([name, ...argv]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    say(overview);
    return name === undefined ? exitCode.usage : exitCode.ok;
  }
  if (name === '--version') {
    process.stdout.write(`${product.version}\n`);
    return exitCode.ok;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`there is no command "${name}"; try graphnad --help`);
  if (argv.includes('--help')) {
    say(command.help);
    return exitCode.ok;
  }
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new Error('cancelled')));
  return command.run(argv, controller.signal);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // Messages quote names and contents of files, which a stranger may have chosen.
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    say(`graphnad: ${lines.map(visible).join('\n')}`);
    process.exitCode = error instanceof UsageError ? exitCode.usage : exitCode.failed;
  },
);
