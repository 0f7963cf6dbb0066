/** A value of a setting without the user and password that an address in it may hold. */
export function withoutSecrets(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\/\/.*@/, '//...@') : value;
}
