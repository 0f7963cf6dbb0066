/** Looks at the opcodes after the place where a stream broke for us: a loader may be more lenient and go on. */

import { limits } from '../limits';
import type { PickleImport } from './importLog';
import { computedModule } from './machine';
import { PickleFault } from './fault';
import { OpcodeReader } from './opcodeReader';
import { opcode } from './opcodes';

const textOpcodes: ReadonlySet<number> = new Set([
  opcode.SHORT_BINUNICODE,
  opcode.BINUNICODE,
  opcode.BINUNICODE8,
  opcode.BINSTRING,
  opcode.SHORT_BINSTRING,
]);

/** Imports from byte `start` to STOP or to bytes that are no opcode; nothing is followed, so whether they are called is not known. */
export function sweepImports(bytes: Uint8Array, start: number): PickleImport[] {
  const reader = new OpcodeReader(bytes, start);
  const imports: PickleImport[] = [];
  const texts: string[] = [computedModule, computedModule];
  try {
    for (let left: number = limits.sweepOperations; left > 0; left--) {
      const code = reader.next();
      if (code === opcode.STOP) break;
      if (textOpcodes.has(code)) {
        texts.shift();
        texts.push(reader.operand as string);
      } else if (code === opcode.GLOBAL || code === opcode.INST || code === opcode.STACK_GLOBAL) {
        const [module, name] = code === opcode.STACK_GLOBAL ? texts : (reader.operand as readonly [string, string]);
        imports.push({ module, name, offset: reader.offset, called: false });
      }
    }
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error;
  }
  return imports;
}
