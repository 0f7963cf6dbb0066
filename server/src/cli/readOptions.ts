import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The command was not used as its help says; the exit code is 64. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export type Options = NonNullable<ParseArgsConfig['options']>;

export interface Arguments {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/**
 * Tells options and other words of a command line apart. Of an option that takes one value the last one would count and
 * the others would be passed over in silence, so it may be given once.
 *
 * @throws UsageError for options that there are not, values that are missing or too many
 */
export function readOptions(args: readonly string[], options: Options): Arguments {
  // Not strict: what is wrong is told in words of our own.
  const { tokens, positionals, values } = parseArgs({
    ...{ args: [...args], options },
    ...{ allowPositionals: true, strict: false, tokens: true },
  });
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) && rawName.startsWith('--') ? options[name] : undefined;
    if (option === undefined) throw new UsageError(`there is no option ${rawName}; --help lists those that there are`);
    if (option.type === 'boolean') {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
      continue;
    }
    if (value === undefined) throw new UsageError(`${rawName} is given without a value`);
    if (!inlineValue && /^-./.test(value))
      throw new UsageError(
        `${rawName} is followed by ${value} where its value should be; one that begins with a dash is written ${rawName}=VALUE`,
      );
    // The values are not shown: an address may hold a password.
    if (given.has(name) && !option.multiple) throw new UsageError(`${rawName} is given twice`);
    given.add(name);
  }
  return { positionals, values };
}
