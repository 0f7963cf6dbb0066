/** Values made once for an owner and a key, and kept as long as the owner is. */
export class WeakMemo<Owner extends object, Value> {
  private readonly values = new WeakMap<Owner, Map<string, Value>>();

  /** The value of an owner and a key, made when first asked for. */
  get(owner: Owner, key: string, make: () => Value): Value {
    let ofOwner = this.values.get(owner);
    if (ofOwner === undefined) this.values.set(owner, (ofOwner = new Map<string, Value>()));
    let value = ofOwner.get(key);
    if (value === undefined) ofOwner.set(key, (value = make()));
    return value;
  }
}
