/**
 * A pickle machine that executes nothing. It follows all opcodes of protocols 0 to 5 as CPython's `_pickle.c` does,
 * records what the stream would import and call, and builds plain data from the rest.
 */

import { limits } from '../limits';
import { isLatin1, ownAttribute, positional } from './arguments';
import { PickleFault } from './fault';
import { computedModule, ImportLog, isPlausible, isSpelledOut } from './importLog';
import type { PickleImport } from './importLog';
import { displayValue } from './displayValue';
import type { EmbeddedBytes } from './embedded';
import { embeddedIn, looksLikeMarshal } from './embedded';
import { joblibData } from './joblibArray';
import type { JoblibData } from './joblibArray';
import { literalOf, parseMemoKey } from './literals';
import type { Operand } from './opcodeReader';
import { OpcodeReader } from './opcodeReader';
import { newestProtocol, opcode } from './opcodes';
import { sweepImports } from './sweep';
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

/** Runs the stream that starts at byte `start` of `bytes`. Never throws: a stream that breaks says so in `fault`. */
export function runPickle(bytes: Uint8Array, start: number, budget: OperationBudget): PickleRun {
  const options = { skipsArrays: true, depth: 0, plainLooks: { left: mostPlainLooks } };
  return new PickleMachine(bytes, start, budget, options).run();
}

interface MachineOptions {
  /** Read past the arrays of joblib, as joblib does and `pickle.load` does not. */
  readonly skipsArrays: boolean;
  /** Pickles inside arrays that this one is inside of. */
  readonly depth: number;
  /** Arrays that may still be looked at as what `pickle.load` takes them for. */
  readonly plainLooks: { left: number };
}

/** Opcodes by which it is told whether a pickle goes on where joblib has an array, and arrays where that is followed. */
const opcodesGlancedAt = 2000;
const mostPlainLooks = 64;

/** What keeping an import takes, in opcodes. */
const costOfImport = 4;

/** Calls of results of calls that are shown as one. */
const chainedCalls = 6;

class PickleMachine {
  private readonly reader: OpcodeReader;
  private readonly stack = new ValueStack();
  private readonly memo = new Map<number, PickleValue>();
  private readonly log = new ImportLog();
  private readonly notes: { offset: number; reason: string }[] = [];
  private readonly embedded: EmbeddedBytes[] = [];
  /** Imports of streams inside this one, and of this one as others read it. */
  private readonly alternatives: PickleImport[] = [];

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly budget: OperationBudget,
    private readonly options: MachineOptions,
  ) {
    this.reader = new OpcodeReader(bytes, start);
  }

  run(): PickleRun {
    const { notes, embedded } = this;
    try {
      for (;;) {
        if (this.budget.left <= 0) throw new PickleFault('it has more opcodes than are followed', true);
        const code = this.next();
        if (code === opcode.STOP) {
          const value = this.stack.pop();
          return { value, end: this.reader.position, imports: this.imports, notes, embedded };
        }
        this.execute(code, this.reader.operand);
      }
    } catch (error) {
      if (!(error instanceof PickleFault)) throw error;
      const { offset } = this.reader;
      const fault = { offset, reason: error.reason, atLimit: error.atLimit };
      return { end: offset, imports: this.imports, notes, embedded, fault };
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
        if ((operand as number) > newestProtocol) throw new PickleFault(`protocol ${String(operand)} does not exist`);
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
        return this.store(parseMemoKey(operand as string));
      case opcode.BINPUT:
      case opcode.LONG_BINPUT:
        return this.store(operand as number);
      case opcode.MEMOIZE:
        return this.store(this.memo.size);
      case opcode.GET:
        return this.fetch(parseMemoKey(operand as string));
      case opcode.BINGET:
      case opcode.LONG_BINGET:
        return this.fetch(operand as number);
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
        return stack.push(this.import(['copyreg', `_inverted_registry[${String(operand)}]`]));
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
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) return;
    const bytes = embeddedIn(value);
    if (bytes === undefined) return;
    this.embedded.push({ offset: this.reader.offset, bytes });
    if (looksLikeMarshal(bytes)) this.note('it holds compiled Python code (marshal)');
  }

  private import([module, name]: readonly [string, string]): GlobalReference {
    this.budget.left -= costOfImport;
    return this.log.add(module, name, this.reader.offset);
  }

  private importFromStack(): void {
    const [module, name] = this.stack.popMany(2);
    const known = typeof module === 'string' && typeof name === 'string';
    if (!known) {
      this.note(`what it imports is computed while loading: ${displayValue(module)}, ${displayValue(name)}`);
    }
    const text = (value: PickleValue) => (typeof value === 'string' ? value : displayValue(value));
    this.stack.push(this.import([known ? module : computedModule, text(name)]));
  }

  private call(callable: PickleValue, args: readonly PickleValue[]): void {
    if (callable instanceof GlobalReference) {
      this.log.noteCall(callable, args, this.reader.offset);
      this.noteHiddenBytes(callable, args);
    } else if (callable instanceof PickleObject) this.noteCallOfResult(callable, args);
    this.stack.push(new PickleObject(callable, args));
  }

  /** Byte strings are looked into where they stand in the stream; what makes others of them hides what they are. */
  private noteHiddenBytes({ path }: GlobalReference, args: readonly PickleValue[]): void {
    if (path === '_codecs.encode' && !isLatin1(args)) this.note('it makes bytes of a text in a way that hides them');
    if (path !== 'torch.storage._load_from_bytes') return;
    const [data] = args;
    if (data instanceof Uint8Array) this.unpickled(data);
    else if (!(data instanceof PickleObject && data.path === '_codecs.encode' && isLatin1(data.args))) {
      this.log.add(computedModule, 'bytes for torch.storage._load_from_bytes', this.reader.offset);
    } else if (typeof data.args[0] === 'string') this.unpickled(Buffer.from(data.args[0], 'latin1'));
  }

  /** Bytes that the stream unpickles itself, whatever they look like. */
  private unpickled(bytes: Uint8Array): void {
    if (embeddedIn(bytes) === undefined) this.embedded.push({ offset: this.reader.offset, bytes, isUnpickled: true });
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
    if (target.path === 'logging.getLogger') {
      this.note('it changes a logger, for the whole process that loads it');
    }
    // CPython takes `__setstate__` from the object itself, where an earlier state may have put anything.
    const restorer = ownAttribute(target, '__setstate__');
    if (restorer instanceof GlobalReference) this.log.noteCall(restorer, [state], this.reader.offset);
    target.states.push(state);
    if (!this.options.skipsArrays) return;
    const data = joblibData(target, this.bytes, this.reader.position);
    if (data?.kind === 'numbers') target.numbersAt = this.reader.position;
    if (data !== undefined) this.skipArray(data);
  }

  /**
   * Goes on behind an array of joblib, as joblib does, but looks first at what `pickle.load` would do, which knows of no
   * array and runs those bytes.
   */
  private skipArray(data: JoblibData): void {
    const start = this.reader.position;
    if (data.kind === 'pickle') return this.runArray(start);
    this.lookAsPlain(start, []);
    if (data.kind === 'unknown') throw new PickleFault('joblib reads an array of unknown length here');
    this.reader.skip(data.bytes);
  }

  /** An array of objects, which is a pickle of its own. */
  private runArray(start: number): void {
    const depth = this.options.depth + 1;
    if (depth > limits.nesting) throw new PickleFault('its arrays of objects are nested deeper than is followed', true);
    const nested = new PickleMachine(this.bytes, start, this.budget, { ...this.options, depth }).run();
    for (const record of nested.imports) this.alternatives.push(record);
    for (const found of nested.embedded) this.embedded.push(found);
    this.lookAsPlain(start, nested.imports);
    if (nested.fault !== undefined) throw new PickleFault(nested.fault.reason, nested.fault.atLimit);
    this.reader.skip(nested.end - start);
  }

  /** Follows the stream from `start` as `pickle.load` would, where something is imported there at all. */
  private lookAsPlain(start: number, known: readonly PickleImport[]): void {
    const glance = { left: opcodesGlancedAt };
    const isPickle = sweepImports(this.bytes, start, glance).length > 0;
    this.budget.left -= opcodesGlancedAt - glance.left;
    if (!isPickle) return;
    if (this.options.plainLooks.left-- <= 0) throw new PickleFault('it has more arrays than are looked at twice', true);
    const plain = new PickleMachine(this.bytes, start, this.budget, { ...this.options, skipsArrays: false });
    this.budget.left -= plain.takeOver(this.stack, this.memo);
    const imports = plain.run().imports.filter(isPlausible);
    const told = new Set(known.map((record) => JSON.stringify(record)));
    if (!imports.some((record) => isSpelledOut(record) && !told.has(JSON.stringify(record)))) return;
    for (const record of imports) this.alternatives.push(record);
    this.note('joblib reads an array here, where pickle.load goes on with the pickle');
  }

  /** Starts with copies of what another machine holds; gives their size. */
  private takeOver(stack: ValueStack, memo: ReadonlyMap<number, PickleValue>): number {
    for (const [key, value] of memo) this.memo.set(key, value);
    return memo.size + this.stack.copy(stack);
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

  private store(key: number): void {
    if (this.memo.size >= limits.pickleMemo) throw new PickleFault('the memo is larger than is followed', true);
    this.memo.set(key, this.stack.top());
  }

  private fetch(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) throw new PickleFault(`memo key ${key} was never set`);
    this.stack.push(value);
  }

  private note(reason: string): void {
    if (this.notes.length < limits.anomalies) this.notes.push({ offset: this.reader.offset, reason });
  }
}
