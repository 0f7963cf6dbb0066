import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { docComments } from '../../../scripts/lib/docComments';
import { useTmpFolder } from '../../support/tmpFolder';

describe('comments of a source file', () => {
  const at = useTmpFolder();

  it('are those on interfaces, on objects, and on what both hold', () => {
    writeFileSync(
      at('file.ts'),
      `/** What a box is,
        * in two lines. */
       export interface Box {
         /** Its \`size\`. */
         readonly size: number;
         bare: number;
       }
       // No doc comment.
       /** The boxes. */
       const boxes = {
         ...others,
         /** One. */
         one: make({
           /** Inside of it. */
           x: 1,
         }),
         two: 2,
       };
       const plain = {
         /** Three. */
         three: 3,
       };
       /** No object. */
       const number = 1;`,
    );
    assert.deepEqual(
      [...docComments(at('file.ts'))],
      [
        ['Box', { comment: 'What a box is, in two lines.', members: new Map([['size', 'Its `size`.']]) }],
        ['boxes', { comment: 'The boxes.', members: new Map([['one', 'One.']]) }],
        ['plain', { comment: undefined, members: new Map([['three', 'Three.']]) }],
      ],
    );
  });
});
