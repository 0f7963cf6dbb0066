/**
 * A pickle machine that executes nothing. It follows all opcodes of protocols 0 to 5 as CPython's `_pickle.c` does,
 * records what the stream would import and call, and builds plain data from the rest.
 */

import type { ByteSource } from '../byteSource';
import { limits } from '../limits';
import { byteString, ownAttribute, positional } from './arguments';
import { PickleFault } from './fault';
import { computedModule, ImportLog, isPlausible, isSpelledOut } from './importLog';
import type { PickleImport } from './importLog';
import { displayValue } from './displayValue';
import type { EmbeddedBytes } from './embedded';
import { EmbeddedLog } from './embeddedLog';
import { FarText } from './far';
import { joblibData, type JoblibData } from './joblibArray';
import { comparedReadings } from './joblibReadings';
import { literalOf, parseMemoKey } from './literals';
import { Memo } from './memo';
import { fieldsProblem } from './numpyTypes';
import { OpcodeReader, type Operand } from './opcodeReader';
import { callProblem, stateProblem } from './oddCalls';
import { isOpcode, newestProtocol, opcode } from './opcodes';
import type { OperationBudget } from './sweep';
import { ValueStack } from './valueStack';
import {
  GlobalReference,
  OpaqueValue,
  PersistentReference,
  PickleDict,
  PickleList,
  PickleObject,
  PickleTuple,
} from './values';
import type { PickleValue } from './values';

export interface PickleRun {
  /** What STOP returned; undefined where the stream broke. */
  readonly value?: PickleValue;
  /** First byte after STOP, or where the opcode that broke the stream starts. */
  readonly end: number;
  readonly imports: readonly PickleImport[];
  /** Things no honest pickle does, each with its offset. */
  readonly notes: readonly { readonly offset: number; readonly reason: string }[];
  readonly embedded: readonly EmbeddedBytes[];
  readonly fault?: { readonly offset: number; readonly reason: string; readonly atLimit: boolean };
}

/**
 * Runs the pickle that starts at byte `start` of `stream`, passing over what is long where that is read by ranges (`far.ts`).
 * A pickle that breaks says so in `fault`. Throws only what reading throws.
 */
export function runPickle(stream: ByteSource, start: number, budget: OperationBudget): PickleRun {
  const options = { skipsArrays: true, depth: 0, plainLooks: { left: mostPlainLooks } };
  return new PickleMachine(stream, start, budget, options).run();
}

interface MachineOptions {
  /** Read past the arrays of joblib, as joblib does and `pickle.load` does not. */
  readonly skipsArrays: boolean;
  /** Pickles inside arrays that this one is inside of. */
  readonly depth: number;
  /** Arrays that `pickle.load` may still be followed beyond. */
  readonly plainLooks: { left: number };
}

/** Arrays of joblib behind whose end what `pickle.load` reads of them is followed. */
const mostPlainLooks = 64;

/** Values on the stack that are copied while an opcode is followed. */
const valuesCopied = 16;

/** What keeping an import takes, in opcodes. */
const costOfImport = 4;

/** Calls of results of calls that are shown as one. */
const chainedCalls = 6;

class PickleMachine {
  private readonly reader: OpcodeReader;
  private readonly stack = new ValueStack();
  private readonly memo = new Memo();
  private readonly log = new ImportLog();
  private readonly notes: { offset: number; reason: string }[] = [];
  private readonly embedded: EmbeddedLog;
  /** Imports of streams inside this one, and of this one as others read it. */
  private readonly alternatives: PickleImport[] = [];

  constructor(
    private readonly stream: ByteSource,
    start: number,
    private readonly budget: OperationBudget,
    private readonly options: MachineOptions,
  ) {
    this.reader = new OpcodeReader(stream, start);
    this.embedded = new EmbeddedLog(budget, (reason) => this.note(reason));
  }

  run(): PickleRun {
    const told = { notes: this.notes, embedded: this.embedded.found };
    try {
      for (;;) {
        if (this.budget.left <= 0) throw new PickleFault('it has more opcodes than are followed', true);
        const code = this.next();
        if (code === opcode.STOP) {
          const value = this.stack.pop();
          return { value, end: this.reader.position, imports: this.imports, ...told };
        }
        this.execute(code, this.reader.operand);
      }
    } catch (error) {
      if (!(error instanceof PickleFault)) throw error;
      const { offset } = this.reader;
      const fault = { offset, reason: error.reason, atLimit: error.atLimit };
      return { end: offset, imports: this.imports, ...told, fault };
    }
  }

  private get imports(): readonly PickleImport[] {
    return this.alternatives.length === 0 ? this.log.imports : [...this.log.imports, ...this.alternatives];
  }

  private next(): number {
    try {
      return this.reader.next();
    } finally {
      this.budget.left -= this.reader.cost;
    }
  }

  private execute(code: number, operand: Operand): void {
    const { stack } = this;
    const literal = literalOf(code, operand);
    if (literal !== undefined) return this.pushLiteral(literal);
    switch (code) {
      case opcode.PROTO:
        if ((operand as number) > newestProtocol) throw new PickleFault(`protocol ${operand as number} does not exist`);
        return;
      case opcode.FRAME:
        return;
      case opcode.MARK:
        return stack.mark();
      case opcode.POP:
        return stack.discard();
      case opcode.POP_MARK:
        stack.popToMark();
        return;
      case opcode.DUP:
        return stack.push(stack.top());

      case opcode.NEXT_BUFFER:
        return stack.push(new OpaqueValue('buffer'));
      case opcode.READONLY_BUFFER:
        stack.top();
        return;

      case opcode.EMPTY_TUPLE:
        return stack.push(new PickleTuple([]));
      case opcode.TUPLE1:
        return stack.push(new PickleTuple(stack.popMany(1)));
      case opcode.TUPLE2:
        return stack.push(new PickleTuple(stack.popMany(2)));
      case opcode.TUPLE3:
        return stack.push(new PickleTuple(stack.popMany(3)));
      case opcode.TUPLE:
        return stack.push(new PickleTuple(stack.popToMark()));
      case opcode.EMPTY_LIST:
      case opcode.EMPTY_SET:
        return stack.push(new PickleList());
      case opcode.LIST:
      case opcode.FROZENSET: {
        const list = new PickleList();
        for (const item of stack.popToMark()) list.items.push(item);
        return stack.push(list);
      }
      case opcode.EMPTY_DICT:
        return stack.push(new PickleDict());
      case opcode.DICT: {
        const entries = stack.popToMark();
        stack.push(new PickleDict());
        return this.setItems(entries);
      }
      case opcode.APPEND:
        return this.addItems(stack.popMany(1));
      case opcode.APPENDS:
      case opcode.ADDITEMS:
        return this.addItems(stack.popToMark());
      case opcode.SETITEM:
        return this.setItems(stack.popMany(2));
      case opcode.SETITEMS:
        return this.setItems(stack.popToMark());

      case opcode.PUT:
        return this.memo.set(parseMemoKey(operand as string), stack.top());
      case opcode.BINPUT:
      case opcode.LONG_BINPUT:
        return this.memo.set(operand as number, stack.top());
      case opcode.MEMOIZE:
        return this.memo.set(this.memo.size, stack.top());
      case opcode.GET:
        return stack.push(this.memo.get(parseMemoKey(operand as string)));
      case opcode.BINGET:
      case opcode.LONG_BINGET:
        return stack.push(this.memo.get(operand as number));
      case opcode.PERSID:
        return stack.push(new PersistentReference(operand as string));
      case opcode.BINPERSID:
        return stack.push(new PersistentReference(stack.pop()));

      case opcode.GLOBAL:
        return stack.push(this.import(operand as readonly [string, string]));
      case opcode.STACK_GLOBAL:
        return this.importFromStack();
      case opcode.EXT1:
      case opcode.EXT2:
      case opcode.EXT4:
        // A number that `copyreg.add_extension` gave to a callable in the loading process.
        return stack.push(this.import(['copyreg', `_inverted_registry[${operand as number}]`]));
      case opcode.INST: {
        const args = stack.popToMark();
        return this.call(this.import(operand as readonly [string, string]), args);
      }
      case opcode.OBJ: {
        const [callable, ...args] = stack.popToMark();
        this.budget.left -= args.length;
        if (callable === undefined) throw new PickleFault('OBJ has no class');
        return this.call(callable, args);
      }
      case opcode.REDUCE:
      case opcode.NEWOBJ: {
        const [callable, args] = stack.popMany(2);
        return this.call(callable, positional(args));
      }
      case opcode.NEWOBJ_EX: {
        const [callable, args, keywords] = stack.popMany(3);
        const values = positional(args);
        // Copying is work: the same long tuple may be passed again and again.
        this.budget.left -= values.length;
        return this.call(callable, [...values, keywords]);
      }
      case opcode.BUILD:
        return this.build(stack.pop());
      default:
        throw new PickleFault(`opcode 0x${code.toString(16)} is not followed`);
    }
  }

  private pushLiteral(value: PickleValue): void {
    this.stack.push(value);
    this.embedded.add(value, this.reader.offset);
  }

  private import([module, name]: readonly [string, string]): GlobalReference {
    this.budget.left -= costOfImport;
    return this.log.add(module, name, this.reader.offset);
  }

  private importFromStack(): void {
    const [module, name] = this.stack.popMany(2).map((value) => this.read(value));
    const known = typeof module === 'string' && typeof name === 'string';
    if (!known) {
      this.note(`what it imports is computed while loading: ${displayValue(module)}, ${displayValue(name)}`);
    }
    const text = (value: PickleValue) => (typeof value === 'string' ? value : displayValue(value));
    this.stack.push(this.import([known ? module : computedModule, text(name)]));
  }

  /** A text that is a name is read, however long it is. */
  private read(value: PickleValue): PickleValue {
    if (!(value instanceof FarText)) return value;
    const text = value.read(this.budget);
    if (text === undefined) throw new PickleFault('a name is longer than is read', true);
    return text;
  }

  private call(callable: PickleValue, args: readonly PickleValue[]): void {
    if (callable instanceof GlobalReference) {
      this.log.noteCall(callable, args, this.reader.offset);
      this.note(callProblem(callable, args));
      this.noteHiddenBytes(callable, args);
    } else if (callable instanceof PickleObject) this.noteCallOfResult(callable, args);
    this.stack.push(new PickleObject(callable, args));
  }

  /** Byte strings are looked into where they stand in the stream; what makes others of them hides what they are. */
  private noteHiddenBytes({ path }: GlobalReference, args: readonly PickleValue[]): void {
    if (path !== 'torch.storage._load_from_bytes') return;
    const data = byteString(args[0]);
    if (data !== undefined) this.embedded.addUnpickled(data, this.reader.offset);
    else this.log.add(computedModule, 'bytes for torch.storage._load_from_bytes', this.reader.offset);
  }

  private noteCallOfResult(callable: PickleObject, args: readonly PickleValue[]): void {
    const calls = [args];
    let called: PickleValue = callable;
    for (; called instanceof PickleObject && calls.length < chainedCalls; called = called.callable)
      calls.unshift(called.args);
    if (called instanceof GlobalReference) this.log.noteCallOfResult(called, calls, this.reader.offset);
  }

  private build(state: PickleValue): void {
    const target = this.stack.top();
    if (!(target instanceof PickleObject)) return this.noteMutation(target, [state]);
    // CPython takes `__setstate__` from the object itself, where an earlier state may have put anything.
    const restorer = ownAttribute(target, '__setstate__');
    if (restorer instanceof GlobalReference) this.log.noteCall(restorer, [state], this.reader.offset);
    target.states.push(state);
    this.note(stateProblem(target));
    if (!this.options.skipsArrays) return;
    const data = joblibData(target, this.stream, this.reader.position);
    if (data?.kind === 'numbers') target.numbersAt = this.reader.position;
    if (data !== undefined) this.skipArray(data);
  }

  /** Goes on behind an array of joblib, as joblib does, after a look at what `pickle.load` does, which runs those bytes. */
  private skipArray(data: JoblibData): void {
    const start = this.reader.position;
    if (data.kind === 'pickle') return this.runArray(start);
    const length = data.kind === 'numbers' ? data.bytes : 0;
    const { imports, notes } = this.runAsPlain(start, start + length);
    const found = imports.filter(isPlausible);
    // Numbers hold imports by chance, but none with names that could be.
    if (found.some(isSpelledOut)) this.tellAsPlain(found);
    this.keepNotes(notes);
    if (data.kind === 'unknown') throw new PickleFault('joblib reads an array of unknown length here');
    this.reader.skip(length);
  }

  /** An array of objects, which is a pickle of its own. */
  private runArray(start: number): void {
    const depth = this.options.depth + 1;
    if (depth > limits.nesting) throw new PickleFault('its arrays of objects are nested deeper than is followed', true);
    const nested = new PickleMachine(this.stream, start, this.budget, { ...this.options, depth }).run();
    for (const record of nested.imports) this.alternatives.push(record);
    for (const found of nested.embedded) this.embedded.found.push(found);
    this.keepNotes(nested.notes);
    const { misread, others } = comparedReadings(nested.imports, this.runAsPlain(start, nested.end).imports);
    for (const record of misread) this.alternatives.push(record);
    if (others.length > 0) this.tellAsPlain(others);
    if (nested.fault !== undefined) throw new PickleFault(nested.fault.reason, nested.fault.atLimit);
    this.reader.skip(nested.end - start);
  }

  /** Follows the stream from `start` as `pickle.load` would, where an array ends at `end` for joblib. */
  private runAsPlain(start: number, end: number): PickleRun {
    const plain = new PickleMachine(this.stream, start, this.budget, { ...this.options, skipsArrays: false });
    // Numbers mostly begin with padding, which is no opcode.
    if (!isOpcode(this.stream.subarray(start, start + 1).at(0) ?? 0))
      return { end: start, imports: [], notes: [], embedded: [] };
    plain.memo.goOnFrom(this.memo);
    this.budget.left -= Math.floor(plain.stack.copy(this.stack) / valuesCopied);
    const run = plain.run();
    // What joblib wrote goes on past no array, and a look at each takes no longer than the array.
    if (run.end > end && this.options.plainLooks.left-- <= 0)
      throw new PickleFault('it has more arrays than are looked at twice', true);
    return run;
  }

  private tellAsPlain(imports: readonly PickleImport[]): void {
    for (const record of imports) this.alternatives.push(record);
    this.note('joblib reads an array here, where pickle.load goes on with the pickle');
  }

  private addItems(items: readonly PickleValue[]): void {
    const target = this.stack.top();
    if (target instanceof PickleList || target instanceof PickleObject) {
      for (const item of items) target.items.push(item);
    } else {
      this.noteMutation(target, items);
    }
  }

  private setItems(flat: readonly PickleValue[]): void {
    const target = this.stack.top();
    if (flat.length % 2 !== 0) throw new PickleFault('a key has no value');
    if (target instanceof PickleDict) this.note(fieldsProblem(target));
    if (target instanceof PickleDict || target instanceof PickleObject) {
      for (let i = 0; i < flat.length; i += 2) target.entries.push([flat[i], flat[i + 1]]);
    } else {
      this.noteMutation(target, flat);
    }
  }

  /** BUILD, APPEND and SETITEM on something imported (`sys.path`, a class) change it for the whole loading process. */
  private noteMutation(target: PickleValue, values: readonly PickleValue[]): void {
    if (!(target instanceof GlobalReference)) return;
    this.log.noteCall(target, values, this.reader.offset);
    this.note(`it changes ${displayValue(target)} itself, for the whole process that loads it`);
  }

  private note(reason: string | undefined): void {
    if (reason !== undefined) this.keepNotes([{ offset: this.reader.offset, reason }]);
  }

  private keepNotes(notes: PickleRun['notes']): void {
    for (const note of notes) if (this.notes.length < limits.anomalies) this.notes.push(note);
  }
}
