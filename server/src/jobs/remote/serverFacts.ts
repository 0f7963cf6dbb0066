import type { Redis } from 'ioredis';

/** What a server says of itself, by name. */
export async function serverFacts(client: Redis, ...sections: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const info = await client.info(...sections);
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
}

/** Why a server is none to keep jobs in, a clause without a full stop; undefined where it is one. */
export function unfitness(facts: ReadonlyMap<string, string>): string | undefined {
  const policy = facts.get('maxmemory_policy');
  if (policy === undefined || policy === 'noeviction') return undefined;
  return (
    `it is set to throw data away when its memory is full (maxmemory-policy ${policy}), and could lose jobs; ` +
    'set maxmemory-policy to noeviction'
  );
}

/** Bytes of memory that a server uses, and those that it may use: infinitely many where nobody has set a limit. */
export function memoryLimits(facts: ReadonlyMap<string, string>): { readonly used: number; readonly most: number } {
  return { used: Number(facts.get('used_memory') ?? 0), most: Number(facts.get('maxmemory') ?? 0) || Infinity };
}
