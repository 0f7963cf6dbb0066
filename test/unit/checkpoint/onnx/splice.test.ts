import assert from 'node:assert/strict';
import { spliced } from '../../../../server/src/checkpoint/onnx/splice';
import { bytesField, fieldsOf } from '../../../../server/src/checkpoint/onnx/wire';

describe('spliced', () => {
  const text = (content: string) => new TextEncoder().encode(content);
  const inner = Buffer.concat([bytesField(1, text('one')), bytesField(2, text('two')), bytesField(3, text('three'))]);
  const message = Buffer.concat([bytesField(9, text('before')), bytesField(5, inner), bytesField(9, text('after'))]);
  const at = message.indexOf(bytesField(2, text('two')));
  const edit = (bytes: Uint8Array) =>
    spliced(message, 0, message.length, [{ start: at, end: at + 5, bytes }], { left: 99 });

  it('puts a field in place of another and makes the lengths around it right', () => {
    const longer = text('x'.repeat(200));
    const changed = Buffer.concat([bytesField(1, text('one')), bytesField(7, longer), bytesField(3, text('three'))]);
    assert.deepEqual(
      Buffer.from(edit(bytesField(7, longer))),
      Buffer.concat([bytesField(9, text('before')), bytesField(5, changed), bytesField(9, text('after'))]),
    );
  });

  it('takes a field out', () => {
    const [, outer] = fieldsOf(edit(new Uint8Array()), 0, Infinity, { left: 2 });
    assert.equal(outer.end - outer.from, inner.length - 5);
  });

  it('keeps every byte without edits', () => {
    assert.deepEqual(spliced(message, 0, message.length, [], { left: 0 }), message);
  });
});
