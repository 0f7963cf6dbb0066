import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {
  checkTarget,
  OutputError,
  removePartials,
  writeTogether,
  writeWhole,
  makeFolder,
} from '../../../server/src/jobs/writeWhole';
import { useTmpFolder } from '../../support/tmpFolder';

const onPosix = process.platform === 'win32' ? it.skip : it;
/** Starts a command in a mount namespace of its own, where it may mount without being root. */
const namespace = ['unshare', '--user', '--map-root-user', '--mount'];
const whereMountable = canMount() ? it : it.skip;

describe('writeWhole', () => {
  const at = useTmpFolder();

  async function refusal(file: string, options?: Parameters<typeof writeWhole>[2]): Promise<OutputError> {
    const error: unknown = await writeWhole(file, 'new', options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof OutputError, `expected an OutputError, got ${String(error)}`);
    return error;
  }

  it('writes bytes and text, and leaves nothing else in the folder', async () => {
    await writeWhole(at('a.pt'), Uint8Array.of(1, 2, 3));
    await writeWhole(at('b.json'), '{"ü": 1}');
    assert.deepEqual([...readFileSync(at('a.pt'))], [1, 2, 3]);
    assert.equal(readFileSync(at('b.json'), 'utf8'), '{"ü": 1}');
    assert.deepEqual(readdirSync(at()).sort(), ['a.pt', 'b.json']);
  });

  it('refuses an existing file and keeps it', async () => {
    writeFileSync(at('a.pt'), 'old');
    const error = await refusal(at('a.pt'));
    assert.equal(error.code, 'EEXIST');
    assert.equal(error.file, at('a.pt'));
    assert.match(error.reason, /already exists/);
    assert.equal(readFileSync(at('a.pt'), 'utf8'), 'old');
    assert.deepEqual(readdirSync(at()), ['a.pt']);
  });

  it('replaces an existing file when asked', async () => {
    writeFileSync(at('a.pt'), 'old and longer');
    await writeWhole(at('a.pt'), 'new', { overwrite: true });
    assert.equal(readFileSync(at('a.pt'), 'utf8'), 'new');
    assert.deepEqual(readdirSync(at()), ['a.pt']);
  });

  onPosix('keeps the permissions of a file it replaces', async () => {
    writeFileSync(at('a.pt'), 'old');
    chmodSync(at('a.pt'), 0o600);
    await writeWhole(at('a.pt'), 'new', { overwrite: true });
    assert.equal(statSync(at('a.pt')).mode & 0o777, 0o600);
  });

  onPosix('writes through a symbolic link instead of replacing it', async () => {
    mkdirSync(at('store'));
    writeFileSync(at('store', 'real.pt'), 'old');
    symlinkSync(path.join('store', 'real.pt'), at('a.pt'));
    await writeWhole(at('a.pt'), 'new', { overwrite: true });
    assert.equal(readFileSync(at('store', 'real.pt'), 'utf8'), 'new');
    assert.deepEqual(readdirSync(at('store')), ['real.pt']);
  });

  it('lets one of two writers of the same new file win', async () => {
    const outcomes = await Promise.allSettled(['one', 'two', 'three'].map((text) => writeWhole(at('a.pt'), text)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.deepEqual(readdirSync(at()), ['a.pt']);
  });

  it('never writes over the input, whatever it is called', async () => {
    writeFileSync(at('input.pt'), 'precious');
    linkSync(at('input.pt'), at('hard.pt'));
    mkdirSync(at('sub'));
    const names = [at('input.pt'), `${at('sub')}/../input.pt`, at('hard.pt')];
    if (process.platform !== 'win32') {
      symlinkSync('input.pt', at('soft.pt'));
      symlinkSync('.', at('same'));
      names.push(at('soft.pt'), at('same', 'input.pt'));
    }
    for (const name of names) {
      const error = await refusal(name, { overwrite: true, protect: [at('input.pt')] });
      assert.match(error.reason, /input file/);
    }
    assert.equal(readFileSync(at('input.pt'), 'utf8'), 'precious');
  });

  it('says in plain words what is in the way', async () => {
    mkdirSync(at('folder'));
    writeFileSync(at('file'), '');
    assert.match((await refusal(at('folder'), { overwrite: true })).reason, /folder of this name/);
    assert.match((await refusal(at('missing', 'a.pt'))).reason, /no such folder/);
    assert.match((await refusal(at('file', 'a.pt'))).reason, /a file, not a folder|no such folder/);
    assert.match((await refusal(at(`${'x'.repeat(300)}.pt`))).reason, /too long|no such folder/);
  });

  onPosix('leaves a read-only folder as it is', async () => {
    mkdirSync(at('sealed'));
    chmodSync(at(), 0o755);
    chmodSync(at('sealed'), 0o555);
    const error = await withoutRootPowers(() => refusal(at('sealed', 'a.pt')));
    assert.equal(error.code, 'EACCES');
    assert.match(error.reason, /not permitted/);
    assert.deepEqual(readdirSync(at('sealed')), []);
  });

  onPosix('leaves nothing when the file cannot grow to its size', () => {
    // 64 blocks of 512 bytes (1 KiB in some shells).
    const outcome = writeIn('ulimit -f 64', at('a.pt'), 1 << 20);
    assert.equal(outcome.code, 'EFBIG');
    assert.match(String(outcome.reason), /larger than this disk or your limits allow/);
    assert.deepEqual(outcome.left, []);
  });

  whereMountable('leaves nothing when the disk is full (needs unshare and mount)', () => {
    mkdirSync(at('disk'));
    const outcome = writeIn(`mount -t tmpfs -o size=64k tmpfs '${at('disk')}'`, at('disk', 'a.pt'), 1 << 20, namespace);
    assert.equal(outcome.code, 'ENOSPC');
    assert.match(String(outcome.reason), /disk is full/);
    assert.deepEqual(outcome.left, []);
  });

  it('clears away what a killed writer left, and nothing else', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const others = [
      `.a.pt.${process.pid}-0123456789ab.partial`,
      `.b.pt.${gone}-0123456789ab.partial`,
      '.a.pt.notes.partial',
    ];
    for (const name of [...others, `.a.pt.${gone}-0123456789ab.partial`]) writeFileSync(at(name), '');
    await removePartials(at('a.pt'));
    assert.deepEqual(readdirSync(at()).sort(), [...others].sort());
    await removePartials(at('missing', 'a.pt'));
  });
});

describe('checkTarget', () => {
  const at = useTmpFolder();

  it('accepts what can be written, and writes nothing', async () => {
    writeFileSync(at('old.pt'), 'old');
    await checkTarget(at('new.pt'));
    await checkTarget(at('old.pt'), { overwrite: true });
    assert.deepEqual(readdirSync(at()), ['old.pt']);
    assert.equal(readFileSync(at('old.pt'), 'utf8'), 'old');
  });

  it('refuses what writing would refuse', async () => {
    writeFileSync(at('old.pt'), 'old');
    await assert.rejects(checkTarget(at('old.pt')), { name: 'OutputError', code: 'EEXIST' });
    await assert.rejects(checkTarget(at('old.pt'), { overwrite: true, protect: [at('old.pt')] }), /input file/);
    const twice = { overwrite: true, otherOutputs: [at('new.pt')] };
    await assert.rejects(checkTarget(at('new.pt'), twice), /another result of this run/);
    await assert.rejects(checkTarget(at('missing', 'a.pt')), {
      name: 'OutputError',
      reason: 'there is no such folder',
    });
    await assert.rejects(checkTarget(at('old.pt', 'a.pt')), { name: 'OutputError', code: 'ENOTDIR' });
  });

  onPosix('refuses a read-only folder', async () => {
    chmodSync(at(), 0o555);
    await assert.rejects(
      withoutRootPowers(() => checkTarget(at('a.pt'))),
      { name: 'OutputError', code: 'EACCES' },
    );
  });
});

/** Root may write anywhere: act as nobody meanwhile. */
async function withoutRootPowers<T>(action: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return action();
  process.seteuid?.(65534);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}

/** Runs `writeOnce.ts` behind a shell command that sets its limits. */
function writeIn(
  prelude: string,
  file: string,
  size: number,
  launcher: readonly string[] = [],
): { code?: string; reason?: string; left: string[] } {
  const script = path.join(__dirname, '../../support/writeOnce.ts');
  const node = [process.execPath, '--require', require.resolve('tsx/cjs'), script, file, String(size)];
  const [command, ...rest] = [...launcher, 'sh', '-c', `${prelude}; exec "$0" "$@"`, ...node];
  const { stdout, stderr } = spawnSync(command, rest, { encoding: 'utf8' });
  assert.ok(stdout, stderr);
  return JSON.parse(stdout) as ReturnType<typeof writeIn>;
}

function canMount(): boolean {
  return process.platform === 'linux' && spawnSync(namespace[0], [...namespace.slice(1), 'true']).status === 0;
}

describe('makeFolder', () => {
  const tmp = useTmpFolder();

  it('makes what is missing, and says what is in the way', async () => {
    await makeFolder(tmp('some', 'where'));
    await makeFolder(tmp('some', 'where'));
    assert.ok(existsSync(tmp('some', 'where')));
    writeFileSync(tmp('file'), '');
    await assert.rejects(makeFolder(tmp('file')), { name: 'OutputError', reason: 'this is a file, not a folder' });
    await assert.rejects(makeFolder(tmp('file', 'below')), { name: 'OutputError', reason: /is a file, not a folder$/ });
  });
});

describe('writeTogether', () => {
  const at = useTmpFolder();
  const files = () =>
    [
      [at('part'), 'a'],
      [at('index'), 'b'],
    ] as const;

  it('writes all files', async () => {
    await writeTogether(at('index'), files());
    assert.deepEqual(readdirSync(at()).sort(), ['index', 'part']);
    await assert.rejects(writeTogether(at('index'), files()), OutputError);
    await writeTogether(
      at('index'),
      [
        [at('part'), 'c'],
        [at('index'), 'd'],
      ],
      { overwrite: true },
    );
    assert.deepEqual([readFileSync(at('part'), 'utf8'), readFileSync(at('index'), 'utf8')], ['c', 'd']);
  });

  it('writes none where one cannot be written, whenever that shows', async () => {
    writeFileSync(at('index'), 'mine');
    await assert.rejects(writeTogether(at('index'), files()), /already exists/);
    assert.deepEqual(readdirSync(at()), ['index']);
    assert.equal(readFileSync(at('index'), 'utf8'), 'mine');
    const breaks = function* (): Generator<Uint8Array> {
      yield Uint8Array.of(1);
      throw new Error('no more');
    };
    await assert.rejects(
      writeTogether(at('x'), [
        [at('w'), 'a'],
        [at('x'), breaks()],
      ]),
      /no more/,
    );
    // The last takes its name when the others have theirs.
    const late = function* (): Generator<Uint8Array> {
      yield Uint8Array.of(1);
      mkdirSync(at('y'));
    };
    await assert.rejects(
      writeTogether(at('y'), [
        [at('w'), 'a'],
        [at('y'), late()],
      ]),
      OutputError,
    );
    assert.deepEqual(readdirSync(at()).sort(), ['index', 'y']);
  });
});
