import assert from 'node:assert/strict';
import { JsonFileError, parseJsonFile } from '../../../server/src/attack/jsonFile';

class Fault extends JsonFileError {
  override readonly name = 'Fault';
}

describe('parseJsonFile', () => {
  const parse = (text: string): ReturnType<typeof parseJsonFile> => parseJsonFile(text, 'a.json', Fault);

  it('gives the value, and a place whose complaints name the file', () => {
    const { value, json } = parse('{"edges": [[0, 1], [2]]}');
    assert.deepEqual(value, { edges: [[0, 1], [2]] });
    const complain = (): unknown => json.get('edges').items()[1].items(2);
    const expected = { name: 'Fault', file: 'a.json', place: 'edges[1]', reason: 'expected 2 items, found 1' };
    assert.throws(complain, { ...expected, message: 'a.json: edges[1]: expected 2 items, found 1' });
  });

  it('says that a file is not JSON', () => {
    for (const text of ['', '{', 'PK', '[1,]']) {
      assert.throws(() => parse(text), {
        name: 'Fault',
        file: 'a.json',
        place: '',
        message: /^a\.json: this is not JSON: /,
      });
    }
  });
});
