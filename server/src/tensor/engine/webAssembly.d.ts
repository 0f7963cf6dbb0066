/** The parts of WebAssembly's JavaScript interface that are used here; TypeScript has them for browsers alone. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: SharedArrayBuffer;
    /** @param descriptor sizes in pages of 64 KiB */
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: unknown;
    constructor(module: Module, imports: Record<string, Record<string, Memory>>);
  }
  function validate(bytes: Uint8Array): boolean;
}
