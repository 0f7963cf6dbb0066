/** A value in a parsed JSON document that knows its path, so that every complaint can say where. */
export class JsonPlace {
  /**
   * @param path such as `edges[3]`; empty for the whole document
   * @param makeError error for a path and a reason
   */
  constructor(
    private readonly value: unknown,
    private readonly path: string,
    private readonly makeError: (path: string, reason: string) => Error,
  ) {}

  /** Whether the value is absent or null. */
  get isNothing(): boolean {
    return this.value === undefined || this.value === null;
  }

  error(reason: string): Error {
    return this.makeError(this.path, reason);
  }

  /** A property; absent ones give a place that {@link isNothing}. */
  get(key: string): JsonPlace {
    const object = this.object();
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    return new JsonPlace(value, this.path === '' ? key : `${this.path}.${key}`, this.makeError);
  }

  entries(): [string, JsonPlace][] {
    return Object.entries(this.object()).map(([key, value]) => [
      key,
      new JsonPlace(value, `${this.path}[${JSON.stringify(key)}]`, this.makeError),
    ]);
  }

  /** @param length wanted number of items; any where absent */
  items(length?: number): JsonPlace[] {
    if (!Array.isArray(this.value)) throw this.error(`expected an array, found ${this.kind}`);
    if (length !== undefined && this.value.length !== length) {
      throw this.error(`expected ${length} items, found ${this.value.length}`);
    }
    return this.value.map((item: unknown, i) => new JsonPlace(item, `${this.path}[${i}]`, this.makeError));
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.error(`expected a text, found ${this.kind}`);
    return this.value;
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.value);
    if (found === undefined) throw this.error(`expected one of ${choices.join(', ')}, found ${this.kind}`);
    return found;
  }

  number(): number {
    if (typeof this.value !== 'number' || !Number.isFinite(this.value)) {
      throw this.error(`expected a number, found ${this.kind}`);
    }
    return this.value;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.error(`expected true or false, found ${this.kind}`);
    return this.value;
  }

  /** A whole number in [low, high]. */
  integer(low: number, high: number): number {
    const value = this.number();
    if (!Number.isInteger(value) || value < low || value > high) {
      throw this.error(`expected a whole number from ${low} to ${high}, found ${value}`);
    }
    return value;
  }

  private object(): Record<string, unknown> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      throw this.error(`expected an object, found ${this.kind}`);
    }
    return this.value as Record<string, unknown>;
  }

  private get kind(): string {
    const { value } = this;
    switch (typeof value) {
      case 'undefined':
        return 'nothing';
      case 'string':
        return JSON.stringify(value.slice(0, 40));
      case 'number':
      case 'boolean':
        return String(value);
      default:
        return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    }
  }
}
