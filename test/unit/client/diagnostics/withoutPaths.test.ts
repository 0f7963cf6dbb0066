import assert from 'node:assert/strict';
import { withoutPaths } from '../../../../client/diagnostics/withoutPaths';

describe('withoutPaths', () => {
  const folders = [
    { name: 'work', path: '/home/ann/my work' },
    { name: 'inner', path: '/home/ann/my work/inner' },
  ];
  const clean = (text: string): string => withoutPaths(text, folders, '/home/ann');

  it('shortens paths of the workspace, the innermost folder first, and those of the home folder', () => {
    assert.equal(clean('scan of /home/ann/my work/a.pt'), 'scan of work/a.pt');
    assert.equal(clean('/home/ann/my work/inner/a.pt, /home/ann/.config'), 'inner/a.pt, ~/.config');
    assert.equal(clean('"/home/ann"'), '"~"');
  });

  it('finds them in addresses', () => {
    assert.equal(clean('file:///home/ann/my%20work/a.pt'), 'work/a.pt');
    assert.equal(clean('at file:///home/ann/x.js:3:1'), 'at ~/x.js:3:1');
  });

  it('leaves alone what only begins like them', () => {
    assert.equal(clean('/home/anna/a.pt /home/ann-b'), '/home/anna/a.pt /home/ann-b');
    assert.equal(withoutPaths('/usr/lib', [{ name: 'root', path: '/' }], '/home/ann'), '/usr/lib');
  });

  it('knows how Windows writes paths', () => {
    const windows = (text: string): string => withoutPaths(text, [{ name: 'w', path: 'C:\\work' }], 'C:\\Users\\Ann');
    assert.equal(windows('c:\\work\\a.pt'), 'w\\a.pt');
    assert.equal(windows('file:///c%3A/work/a.pt file:///C:/Users/ann/b'), 'w/a.pt ~/b');
    assert.equal(windows('{"path":"C:\\\\Users\\\\Ann\\\\x"}'), '{"path":"~\\\\x"}');
  });
});
