import type { Rng } from '../../../server/src/graph/rng';

/** What a mutation has at hand besides the input. */
export interface MutationContext {
  /** The one source of chance: the same seed gives the same inputs. */
  readonly rng: Rng;
  /** Another input of the same target, to take parts from. */
  readonly other: () => Uint8Array;
}

/** Makes a new input of one that there is, which it leaves as it is. */
export type Mutator = (input: Uint8Array, context: MutationContext) => Uint8Array;

/** One of some mutators, each as often as its weight says. */
export function oneOf(...choices: readonly (readonly [weight: number, mutate: Mutator])[]): Mutator {
  const weights = choices.map(([weight]) => weight);
  return (input, context) => choices[context.rng.weighted(weights)][1](input, context);
}

/** `mutate`, once or several times over. */
export function repeated(mutate: Mutator): Mutator {
  return (input, context) => {
    let result = input;
    for (let left = 1 + context.rng.weighted([8, 4, 2, 1]); left > 0; left--) result = mutate(result, context);
    return result;
  };
}
