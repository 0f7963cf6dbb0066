/** The tensors are not those of a model that can be analysed; `reason` says exactly what did not fit. */
export class UnrecognisedArchitectureError extends Error {
  constructor(
    readonly reason: string,
    /** The tensor that did not fit, where it was one. */
    readonly tensor?: string,
  ) {
    super(`The architecture was not recognised: ${tensor === undefined ? '' : `${tensor}: `}${reason}`);
    this.name = 'UnrecognisedArchitectureError';
  }
}

/** A graph neural network that answers another question than which class a graph belongs to. */
export class UnsupportedTaskError extends UnrecognisedArchitectureError {
  constructor(reason: string, tensor?: string) {
    super(reason, tensor);
    this.name = 'UnsupportedTaskError';
    this.message = `The model does not classify graphs: ${reason}`;
  }
}
