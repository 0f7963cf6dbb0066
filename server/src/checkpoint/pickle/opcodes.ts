/** All opcodes of pickle protocols 0 to 5 (CPython, Lib/pickletools.py) and the operands that follow them in the stream. */

export type OperandKind =
  | 'none'
  | 'uint8'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'uint64'
  | 'float64'
  /** Text up to a newline. */
  | 'line'
  /** The same in Latin-1. */
  | 'latin1Line'
  /** Two such lines, module and name. */
  | 'twoLines'
  /** Length of 1, 4 or 8 bytes, then text. */
  | 'text1'
  | 'text4'
  | 'text8'
  /** The same with text of unknown encoding, from Python 2; the 4-byte length is signed. */
  | 'string1'
  | 'string4'
  | 'bytes1'
  | 'bytes4'
  | 'bytes8';

export const opcode = {
  MARK: 0x28,
  STOP: 0x2e,
  POP: 0x30,
  POP_MARK: 0x31,
  DUP: 0x32,
  FLOAT: 0x46,
  INT: 0x49,
  BININT: 0x4a,
  BININT1: 0x4b,
  LONG: 0x4c,
  BININT2: 0x4d,
  NONE: 0x4e,
  PERSID: 0x50,
  BINPERSID: 0x51,
  REDUCE: 0x52,
  STRING: 0x53,
  BINSTRING: 0x54,
  SHORT_BINSTRING: 0x55,
  UNICODE: 0x56,
  BINUNICODE: 0x58,
  APPEND: 0x61,
  BUILD: 0x62,
  GLOBAL: 0x63,
  DICT: 0x64,
  EMPTY_DICT: 0x7d,
  APPENDS: 0x65,
  GET: 0x67,
  BINGET: 0x68,
  INST: 0x69,
  LONG_BINGET: 0x6a,
  LIST: 0x6c,
  EMPTY_LIST: 0x5d,
  OBJ: 0x6f,
  PUT: 0x70,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  SETITEM: 0x73,
  TUPLE: 0x74,
  EMPTY_TUPLE: 0x29,
  SETITEMS: 0x75,
  BINFLOAT: 0x47,
  PROTO: 0x80,
  NEWOBJ: 0x81,
  EXT1: 0x82,
  EXT2: 0x83,
  EXT4: 0x84,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a,
  LONG4: 0x8b,
  BINBYTES: 0x42,
  SHORT_BINBYTES: 0x43,
  SHORT_BINUNICODE: 0x8c,
  BINUNICODE8: 0x8d,
  BINBYTES8: 0x8e,
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  FROZENSET: 0x91,
  NEWOBJ_EX: 0x92,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95,
  BYTEARRAY8: 0x96,
  NEXT_BUFFER: 0x97,
  READONLY_BUFFER: 0x98,
} as const;

/** The newest protocol there is. */
export const newestProtocol = 5;

const operands: Partial<Record<keyof typeof opcode, OperandKind>> = {
  FLOAT: 'line',
  INT: 'line',
  BININT: 'int32',
  BININT1: 'uint8',
  LONG: 'line',
  BININT2: 'uint16',
  PERSID: 'line',
  STRING: 'line',
  BINSTRING: 'string4',
  SHORT_BINSTRING: 'string1',
  UNICODE: 'latin1Line',
  BINUNICODE: 'text4',
  GLOBAL: 'twoLines',
  GET: 'line',
  BINGET: 'uint8',
  INST: 'twoLines',
  LONG_BINGET: 'uint32',
  PUT: 'line',
  BINPUT: 'uint8',
  LONG_BINPUT: 'uint32',
  BINFLOAT: 'float64',
  PROTO: 'uint8',
  EXT1: 'uint8',
  EXT2: 'uint16',
  EXT4: 'int32',
  LONG1: 'bytes1',
  LONG4: 'bytes4',
  BINBYTES: 'bytes4',
  SHORT_BINBYTES: 'bytes1',
  SHORT_BINUNICODE: 'text1',
  BINUNICODE8: 'text8',
  BINBYTES8: 'bytes8',
  FRAME: 'uint64',
  BYTEARRAY8: 'bytes8',
};

/** Operand of each opcode by its byte; undefined where the byte is no opcode. */
export const operandKinds: readonly (OperandKind | undefined)[] = (() => {
  const kinds = new Array<OperandKind | undefined>(256).fill(undefined);
  for (const [name, code] of Object.entries(opcode)) kinds[code] = operands[name as keyof typeof opcode] ?? 'none';
  return kinds;
})();

export function isOpcode(byte: number): boolean {
  return operandKinds[byte] !== undefined;
}
