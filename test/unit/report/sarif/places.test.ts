import assert from 'node:assert/strict';
import type { Finding, FindingPlace } from '../../../../protocol/findings';
import { Places } from '../../../../server/src/report/sarif/places';

function at(place?: FindingPlace, code: Finding['code'] = 'GN102'): Finding {
  return { code, severity: 'warning', message: '', details: [], place };
}

describe('Places', () => {
  it('names entries, tensors, layers and opcodes, each within the last', () => {
    const places = new Places();
    const names = [
      { entry: 'archive/data.pkl' },
      { entry: 'archive/data.pkl', tensor: 'convs.0.nn.0.weight' },
      { entry: 'archive/data.pkl', offset: 1204 },
      { layer: 3 },
      { layer: 3, tensor: 'convs.2.nn.0.weight' },
    ].map((place) => places.of(at(place)));
    assert.deepEqual(
      names.map((name) => [name?.kind, name?.fullyQualifiedName, name?.index]),
      [
        ['entry', 'archive/data.pkl', 0],
        ['tensor', 'archive/data.pkl/convs.0.nn.0.weight', 1],
        ['opcode', 'archive/data.pkl/byte 1204', 2],
        ['layer', 'layer 3', 3],
        ['tensor', 'layer 3/convs.2.nn.0.weight', 4],
      ],
    );
    assert.deepEqual(
      places.locations.map(({ parentIndex }) => parentIndex),
      [undefined, 0, 0, undefined, 3],
    );
  });

  it('lists a place once', () => {
    const places = new Places();
    assert.deepEqual(places.of(at({ layer: 1 })), places.of(at({ layer: 1 })));
    assert.equal(places.locations.length, 1);
  });

  it('calls a place in a malformed container a byte, for no opcode needs to be there', () => {
    assert.equal(new Places().of(at({ offset: 5 }, 'GN103'))?.kind, 'byte');
  });

  it('names nothing for a finding about the whole file', () => {
    const places = new Places();
    assert.equal(places.of(at()), undefined);
    assert.equal(places.of(at({})), undefined);
    assert.deepEqual(places.locations, []);
  });
});
