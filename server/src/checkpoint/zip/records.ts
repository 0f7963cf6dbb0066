/** Signatures, sizes and flags of zip records (PKWARE APPNOTE 6.3), shared by the reader and the writer. */

export const signature = {
  localHeader: 0x04034b50,
  descriptor: 0x08074b50,
  centralHeader: 0x02014b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
  end: 0x06054b50,
} as const;

/** Sizes without names, extra fields and comments. */
export const recordSize = {
  localHeader: 30,
  centralHeader: 46,
  zip64End: 56,
  zip64Locator: 20,
  end: 22,
} as const;

export const flag = {
  encrypted: 1 << 0,
  descriptor: 1 << 3,
  strongEncryption: 1 << 6,
  utf8: 1 << 11,
  maskedHeaders: 1 << 13,
} as const;

export const method = { stored: 0, deflated: 8 } as const;

/** Extra field of 64-bit sizes and offsets. */
export const zip64Extra = 0x0001;
/** Extra field PyTorch pads with so that entries start at multiples of 64 bytes ("FB", caffe2/serialize/inline_container.cc). */
export const paddingExtra = 0x4246;

/** In a 32-bit field: the value is in the zip64 extra field. */
export const in64 = 0xffffffff;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit field as a number; values past 2^53 lose precision and fail the bounds checks that follow. */
export function uint64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}
