/** Lets in as many bytes at a time as there is room for; what is larger than the room goes in alone. */
export class ByteBudget {
  private taken = 0;
  private readonly waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(private room: number) {}

  /** From now on one goes in at a time. */
  close(): void {
    this.room = 0;
  }

  /** Waits for room, in the order of asking. @returns gives the room back; once */
  async enter(bytes: number): Promise<() => void> {
    if (this.waiting.length > 0 || !this.fits(bytes)) {
      await new Promise<void>((enter) => this.waiting.push({ bytes, enter }));
    } else this.taken += bytes;
    let isIn = true;
    return () => {
      if (isIn) this.leave(bytes);
      isIn = false;
    };
  }

  private leave(bytes: number): void {
    this.taken -= bytes;
    for (let next = this.waiting.at(0); next && this.fits(next.bytes); next = this.waiting.at(0)) {
      this.taken += next.bytes;
      this.waiting.shift();
      next.enter();
    }
  }

  private fits(bytes: number): boolean {
    return this.taken === 0 || this.taken + bytes <= this.room;
  }
}
