/** Why an HDF5 file, or a part of it, cannot be read. Stays inside this room: readers turn it into their own errors. */
export class Hdf5Fault extends Error {
  constructor(
    readonly reason: string,
    /** Byte in the file. */
    readonly offset: number,
  ) {
    super(reason);
    this.name = 'Hdf5Fault';
  }
}
