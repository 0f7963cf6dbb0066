import assert from 'node:assert/strict';
import { JsonPlace } from '../../../server/src/attack/jsonPlace';

describe('JsonPlace', () => {
  const root = (value: unknown): JsonPlace =>
    new JsonPlace(value, '', (place, reason) => new Error(`${place}: ${reason}`));

  it('says where and what', () => {
    const json = root({ a: [{ b: 'x' }, 3.5, null], 'odd key': true });
    assert.throws(() => json.get('a').items()[0].get('b').number(), {
      message: 'a[0].b: expected a number, found "x"',
    });
    assert.throws(() => json.get('a').items()[1].integer(0, 9), {
      message: /^a\[1\]: expected a whole number from 0 to 9/,
    });
    assert.throws(() => json.get('a').items()[2].get('b'), { message: 'a[2]: expected an object, found null' });
    assert.throws(() => json.get('a').items(2), { message: 'a: expected 2 items, found 3' });
    assert.throws(() => json.get('none').text(), { message: 'none: expected a text, found nothing' });
    assert.throws(() => json.get('a').oneOf(['p', 'q']), { message: 'a: expected one of p, q, found an array' });
    assert.throws(() => json.entries()[1][1].items(), { message: '["odd key"]: expected an array, found true' });
    assert.throws(() => json.get('a').boolean(), { message: 'a: expected true or false, found an array' });
    assert.equal(json.get('odd key').boolean(), true);
    assert.throws(() => json.text(), { message: ': expected a text, found an object' });
  });

  it('does not take inherited properties for values', () => {
    assert.ok(root({}).get('constructor').isNothing);
    assert.ok(root(JSON.parse('{"__proto__": 1}')).get('toString').isNothing);
  });
});
