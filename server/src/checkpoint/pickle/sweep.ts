/** Looks at the opcodes after the place where a stream broke for us: a loader may be more lenient and go on. */

import type { ByteSource } from '../byteSource';
import { computedModule } from './importLog';
import type { PickleImport } from './importLog';
import { PickleFault } from './fault';
import { OpcodeReader } from './opcodeReader';
import { opcode } from './opcodes';

/** How many opcodes may still run, over all streams of a file. */
export interface OperationBudget {
  left: number;
}

const textOpcodes: ReadonlySet<number> = new Set([
  opcode.SHORT_BINUNICODE,
  opcode.BINUNICODE,
  opcode.BINUNICODE8,
  opcode.BINSTRING,
  opcode.SHORT_BINSTRING,
]);

/** What may stand between the names of an import without changing them. */
const neutralOpcodes: ReadonlySet<number> = new Set([
  opcode.MEMOIZE,
  opcode.PUT,
  opcode.BINPUT,
  opcode.LONG_BINPUT,
  opcode.FRAME,
  opcode.PROTO,
]);

/** The next opcode; one whose text is longer than is read is passed over. */
function nextBeyondLongTexts(reader: OpcodeReader): number | undefined {
  try {
    return reader.next();
  } catch (error) {
    const before = reader.offset;
    if (error instanceof PickleFault && error.atLimit && reader.position > before) return undefined;
    throw error;
  }
}

/**
 * Imports from byte `start` to STOP or to bytes that are no opcode; nothing is followed, so whether they are called is not
 * known, and a name that does not stand right before its import counts as computed. Takes what it costs from `budget`,
 * which all sweeps of a file share.
 */
export function sweepImports(stream: ByteSource, start: number, budget: OperationBudget): PickleImport[] {
  const reader = new OpcodeReader(stream, start);
  const imports: PickleImport[] = [];
  const texts: string[] = [computedModule, computedModule];
  try {
    for (; budget.left > 0; budget.left -= reader.cost) {
      const code = nextBeyondLongTexts(reader);
      if (code === opcode.STOP) break;
      if (code !== undefined && textOpcodes.has(code)) {
        texts.shift();
        texts.push(typeof reader.operand === 'string' ? reader.operand : computedModule);
        continue;
      }
      if (code === opcode.GLOBAL || code === opcode.INST || code === opcode.STACK_GLOBAL) {
        const [module, name] = code === opcode.STACK_GLOBAL ? texts : (reader.operand as readonly [string, string]);
        imports.push({ module, name, offset: reader.offset, called: false });
      }
      if (code === undefined || !neutralOpcodes.has(code)) texts.fill(computedModule);
    }
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error;
    budget.left -= reader.cost;
  }
  return imports;
}
