/** Runs one input and finds what must not happen, whatever the input. */

import { createHash } from 'node:crypto';
import process from 'node:process';
import { getHeapStatistics } from 'node:v8';
import type { FuzzTarget } from '../target';

export type DefectKind = 'error' | 'slow' | 'memory' | 'prototype' | 'hang';

/** What an input showed to be wrong. */
export interface Defect {
  readonly kind: DefectKind;
  /** The same for inputs that show the same defect. */
  readonly identity: string;
  readonly text: string;
}

/** Milliseconds of processor time; what is usual is thousands of times faster. */
const slowest = 250;
/** Bytes that an input may take at once. */
const mostMemory = 192 * 2 ** 20;

/** Objects that all others inherit from: an input that adds to one of them changes the program. */
const shared = [Object.prototype, Array.prototype, Function.prototype, Map.prototype] as const;
const sharedKeys = shared.map((prototype) => Reflect.ownKeys(prototype).length);

export type Outcome =
  { readonly outcome: string; readonly defect?: undefined } | { readonly outcome?: undefined; readonly defect: Defect };

export function runGuarded(target: FuzzTarget, input: Uint8Array): Outcome {
  const memory = memoryInUse();
  const started = performance.now();
  let outcome: string;
  try {
    outcome = withoutStacks(() => target.run(input));
  } catch (error) {
    return { defect: errorDefect(stackedError(target, input) ?? error) };
  }
  const elapsed = performance.now() - started;
  const polluted = shared.find((prototype, i) => Reflect.ownKeys(prototype).length !== sharedKeys[i]);
  if (polluted !== undefined) return { defect: pollutionDefect(polluted) };
  if (memoryInUse() - memory > mostMemory) {
    return { defect: { kind: 'memory', identity: `memory ${outcome}`, text: `it took more than ${mostMemory} bytes` } };
  }
  if (elapsed > slowest && processorTime(target, input) > slowest) {
    return { defect: { kind: 'slow', identity: `slow ${outcome}`, text: `it took ${elapsed.toFixed(0)} ms` } };
  }
  return { outcome };
}

/** Refusals are what most inputs lead to, and collecting where they came from would take most of the time. */
function withoutStacks<T>(work: () => T): T {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = usual;
  }
}

/** The error that an input leads to, with where it came from. */
function stackedError(target: FuzzTarget, input: Uint8Array): unknown {
  try {
    target.run(input);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The least of some runs: other work on the machine must not pass for slowness. */
function processorTime(target: FuzzTarget, input: Uint8Array): number {
  let least = Infinity;
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage();
    target.run(input);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function memoryInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

function errorDefect(error: unknown): Defect {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const place = /\n\s+at (\S+)/.exec(stack)?.[1] ?? '';
  return { kind: 'error', identity: `${name} ${place} ${withoutDetails(message)}`, text: stack };
}

function pollutionDefect(prototype: object): Defect {
  const added = Reflect.ownKeys(prototype).at(-1);
  if (added !== undefined) Reflect.deleteProperty(prototype, added);
  return {
    kind: 'prototype',
    identity: 'prototype',
    text: `a prototype that all objects share has ${String(added)} now`,
  };
}

/** A message without what differs from input to input: quoted parts and numbers. */
export function withoutDetails(message: string): string {
  return message
    .slice(0, 300)
    .replace(/"(\\.|[^"\\])*"?|'[^']*'?/g, '""')
    .replace(/-?\d[\d,.]*/g, '0');
}

/** Names an input by its content. */
export function inputName(input: Uint8Array): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 12);
}
