import type { Settings } from './recognition/settings';

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

/**
 * Nothing can rest on a model: parts of it that leave no tensors are assumed, and with what is assumed it does not
 * clearly predict the labels of clean graphs.
 */
export class UnsettledArchitectureError extends Error {
  /** A whole clause without a full stop, which says how the parts can be stated. */
  readonly reason: string;

  constructor(
    /** What speaks against the model, as such a clause. */
    readonly doubt: string,
    /** The parts and what is assumed of them, as `architecture` in `graphnad.json` has it. */
    readonly assumed: Settings,
  ) {
    const reason =
      `${doubt}. Whoever knows the model can state these parts in graphnad.json or, the object alone, in a file for ` +
      `--architecture; here with what is assumed: "architecture": ${JSON.stringify(assumed)}`;
    super(`What the model computes is not known for sure: ${reason}.`);
    this.reason = reason;
    this.name = 'UnsettledArchitectureError';
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
