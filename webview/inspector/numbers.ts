const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `1.2 MB`; a kilobyte is 1,000 bytes. */
export function bytesText(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (unit < units.length - 1 && value >= 999.5) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 99.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `1,234,567` */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
