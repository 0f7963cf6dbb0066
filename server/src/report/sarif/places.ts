import type { LogicalLocation } from 'sarif';
import type { Finding } from '../../../../protocol/findings';

/**
 * The logical locations of a run, each once, parents before their children: entries of containers, tensors, layers,
 * opcodes. Locations of different files may be the same one.
 */
export class Places {
  readonly locations: LogicalLocation[] = [];
  private readonly indices = new Map<string, number>();

  /** The most specific logical location that a finding names; undefined where it speaks of the whole file. */
  of({ code, place }: Finding): LogicalLocation | undefined {
    if (place === undefined) return undefined;
    const { entry, tensor, layer, offset } = place;
    let found: number | undefined;
    if (entry !== undefined) found = this.add('entry', entry, entry, undefined);
    if (layer !== undefined) found = this.add('layer', `layer ${layer}`, undefined, found);
    if (tensor !== undefined) found = this.add('tensor', tensor, undefined, found);
    if (offset !== undefined) {
      // Findings about code point at the opcode that imports; a defect of the container lies where it lies.
      const kind = code === 'GN101' || code === 'GN102' ? 'opcode' : 'byte';
      found = this.add(kind, `byte ${offset}`, undefined, found);
    }
    if (found === undefined) return undefined;
    const { name, fullyQualifiedName, kind } = this.locations[found];
    return { name, fullyQualifiedName, kind, index: found };
  }

  private add(kind: string, name: string, qualified = name, parent?: number): number {
    const within = parent === undefined ? undefined : this.locations[parent].fullyQualifiedName;
    const fullyQualifiedName = within === undefined ? qualified : `${within}/${name}`;
    const key = JSON.stringify([kind, fullyQualifiedName, parent]);
    const known = this.indices.get(key);
    if (known !== undefined) return known;
    const index = this.locations.length;
    this.locations.push({ name, fullyQualifiedName, kind, ...(parent === undefined ? {} : { parentIndex: parent }) });
    this.indices.set(key, index);
    return index;
  }
}
