import fc from 'fast-check';
import type { FeatureLayout } from '../../server/src/graph/graph';

/** Every way to make features of the graphs of `arbitraryGraph`. */
export const arbitraryLayout: fc.Arbitrary<FeatureLayout> = fc.constantFrom(
  { kind: 'labels', width: 5, attributeWidth: 0, labelColumns: 5 },
  { kind: 'labels-dense', width: 5, attributeWidth: 0, labelColumns: 5 },
  { kind: 'labels+attributes', width: 7, attributeWidth: 2, labelColumns: 5 },
  { kind: 'attributes', width: 2, attributeWidth: 2, labelColumns: 0 },
  { kind: 'degree', width: 4, attributeWidth: 0, labelColumns: 0 },
  { kind: 'constant', width: 1, attributeWidth: 0, labelColumns: 0 },
);
