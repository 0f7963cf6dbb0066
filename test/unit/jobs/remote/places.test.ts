import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromPlaces, isInside, parsePlace, placeOf, toPlaces } from '../../../../server/src/jobs/remote/places';

describe('places', () => {
  const here = [
    { folder: '/data/models', place: placeOf('in', 0) },
    { folder: '/data/models/AIDS', place: placeOf('in', 1) },
    { folder: '/out', place: placeOf('out', 0) },
  ];
  const there = here.map(({ place }, i) => ({ place, folder: `/elsewhere/a ${i}` }));

  it('takes places apart, and nothing else', () => {
    assert.deepEqual(parsePlace(placeOf('in', 3)), { use: 'in', folder: 3, name: '' });
    assert.deepEqual(parsePlace(placeOf('out', 0, 'raw/a b.txt')), { use: 'out', folder: 0, name: 'raw/a b.txt' });
    const wrong = [
      '/etc/passwd',
      placeOf('in', 0, '../secret'),
      placeOf('in', 0, 'a/../../secret'),
      placeOf('in', 0, '/etc'),
      placeOf('in', 0, 'a//b'),
      placeOf('in', 0, 'a\\..\\b'),
      placeOf('in', 0, 'C:x'),
      placeOf('in', 0, 'a\u0000b'),
      placeOf('in', 0, '.'),
      `${placeOf('in', 0)}/`,
      ` ${placeOf('in', 0)}`,
    ];
    for (const place of wrong) assert.equal(parsePlace(place), undefined, JSON.stringify(place));
  });

  it('never lets a name out of its folder', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', 'a', '/', '\\', ':', 'b c', ''), { maxLength: 8 }), (parts) => {
        const name = parts.join('');
        if (!isInside(name)) return;
        assert.ok(!name.split(/[\\/]/).some((one) => one === '..' || one === '.' || one === ''));
      }),
    );
  });

  it('takes texts from one machine to another, whatever they say around the paths', () => {
    const value = {
      file: '/data/models/gin.pt',
      message: 'read "/data/models/AIDS/AIDS_A.txt", line 3; wrote /out/gin.pt. Not /data/modelsets or /x/out.',
      list: ['/data/models', 1, null, { deep: '(/data/models/AIDS)' }],
    };
    const travelling = toPlaces(value, here);
    assert.equal(travelling.file, 'graphnad-in-0:/gin.pt');
    assert.equal(
      travelling.message,
      'read "graphnad-in-1:/AIDS_A.txt", line 3; wrote graphnad-out-0:/gin.pt. Not /data/modelsets or /x/out.',
    );
    assert.deepEqual(fromPlaces(travelling, here), value);
    assert.deepEqual(fromPlaces(travelling, there).list, ['/elsewhere/a 0', 1, null, { deep: '(/elsewhere/a 1)' }]);
  });
});
