#!/usr/bin/env node
/** Entry point of the command `graphnad`. */
import process from 'node:process';
import { UsageError } from './cli/arguments';
import { attach, attachHelp } from './cli/attach';
import { attack, attackHelp } from './cli/attack';
import { attention, attentionHelp } from './cli/attention';
import { bench, benchHelp } from './cli/bench';
import { cancel, cancelHelp } from './cli/cancel';
import { convert, convertHelp } from './cli/convert';
import { evaluate, evaluateHelp } from './cli/evaluate';
import { example, exampleHelp } from './cli/example';
import { exitCode } from './cli/exitCodes';
import { inspect, inspectHelp } from './cli/inspect';
import { outliveReaders, print, say } from './cli/output';
import { predict, predictHelp } from './cli/predict';
import { product } from './cli/product';
import { purify, purifyHelp } from './cli/purify';
import { runs, runsHelp } from './cli/runs';
import { scan, scanHelp } from './cli/scan';
import { train, trainHelp } from './cli/train';
import { worker, workerHelp } from './cli/worker';
import { visible } from './report/visible';

interface Command {
  readonly help: string;
  /** @returns the exit code */
  readonly run: (argv: readonly string[], signal: AbortSignal) => Promise<number>;
  /**
   * Signals that the command ends by itself on; default: that of Ctrl-C. Whatever writes nothing has nothing to put in
   * order, and may be ended at once.
   */
  readonly endsOn?: readonly NodeJS.Signals[];
}

const commands: Readonly<Record<string, Command>> = {
  scan: { help: scanHelp, run: scan },
  purify: { help: purifyHelp, run: purify },
  attention: { help: attentionHelp, run: attention },
  inspect: { help: inspectHelp, run: inspect, endsOn: [] },
  convert: { help: convertHelp, run: convert },
  predict: { help: predictHelp, run: predict, endsOn: [] },
  evaluate: { help: evaluateHelp, run: evaluate, endsOn: [] },
  example: { help: exampleHelp, run: example },
  train: { help: trainHelp, run: train },
  attack: { help: attackHelp, run: attack },
  bench: { help: benchHelp, run: bench },
  worker: { help: workerHelp, run: worker, endsOn: ['SIGINT', 'SIGTERM'] },
  attach: { help: attachHelp, run: attach },
  runs: { help: runsHelp, run: runs },
  cancel: { help: cancelHelp, run: cancel },
};

const overview = [
  'graphnad: finds backdoors and code payloads in graph neural network checkpoints, and removes backdoors.',
  // What a command is for stands before the first empty line, options behind it.
  ...Object.values(commands).map(({ help }) => help.split('\n\n')[0]),
  'graphnad COMMAND --help tells more; graphnad --version tells the version.',
].join('\n\n');

async function main([name, ...argv]: readonly string[]): Promise<number> {
  if (name === undefined) {
    say(overview);
    return exitCode.usage;
  }
  if (asksForHelp(name) || name === 'help') {
    print(overview);
    return exitCode.ok;
  }
  if (name === '--version') {
    print(product.version);
    return exitCode.ok;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`there is no command "${name}"; try graphnad --help`);
  if (argv.some(asksForHelp)) {
    print(command.help);
    return exitCode.ok;
  }
  const controller = new AbortController();
  for (const signal of command.endsOn ?? ['SIGINT']) {
    process.once(signal, () => controller.abort(new Error('cancelled')));
  }
  return command.run(argv, controller.signal).finally(() => {
    // A queue that does not answer shall not keep whoever wants to go.
    if (controller.signal.aborted) setTimeout(() => process.exit(), lingering).unref();
  });
}

function asksForHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

/** How long the process may live on when a command that was cancelled has ended, in milliseconds. */
const lingering = 1_000;

outliveReaders(exitCode.failed);
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
