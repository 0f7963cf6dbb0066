/** CRC-32 of zip (polynomial 0xEDB88320, reflected), eight bytes a step ("slicing by 8", Kounavis and Berry 2005). */

const tables = makeTables();

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    first[byte] = remainder;
  }
  const all = [first];
  for (let step = 1; step < 8; step++) {
    const previous = all[step - 1];
    all.push(previous.map((value) => (value >>> 8) ^ first[value & 0xff]));
  }
  return all;
}

/** CRC-32 of `bytes`, as an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = 0xffffffff;
  let position = 0;
  for (; position + 8 <= bytes.length; position += 8) {
    const low = view.getUint32(position, true) ^ crc;
    const high = view.getUint32(position + 4, true);
    crc =
      t7[low & 0xff] ^
      t6[(low >>> 8) & 0xff] ^
      t5[(low >>> 16) & 0xff] ^
      t4[low >>> 24] ^
      t3[high & 0xff] ^
      t2[(high >>> 8) & 0xff] ^
      t1[(high >>> 16) & 0xff] ^
      t0[high >>> 24];
  }
  for (; position < bytes.length; position++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[position]) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}
