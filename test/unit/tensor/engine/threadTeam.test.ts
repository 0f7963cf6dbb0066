import assert from 'node:assert/strict';
import path from 'node:path';
import { KernelMemory } from '../../../../server/src/tensor/engine/kernelMemory';
import { instantiateKernels, loadKernelModule, type Kernels } from '../../../../server/src/tensor/engine/kernels';
import { ThreadTeam, type ThreadTeamOptions } from '../../../../server/src/tensor/engine/threadTeam';
import { limitThreads } from '../../../../server/src/tensor/threads';
import { Rng } from '../../../../server/src/graph/rng';
import { bundled } from '../../../support/bundled';
import { runCommand } from '../../../../scripts/lib/command';

const module = loadKernelModule();
const rogue = 'test/support/rogueThread.ts';

describe('ThreadTeam', () => {
  const teams: ThreadTeam[] = [];
  let pool: KernelMemory;
  let kernels: Kernels;

  beforeEach(() => {
    pool = new KernelMemory();
    kernels = instantiateKernels(module, pool.memory);
  });
  afterEach(() => {
    limitThreads(1);
    for (const team of teams.splice(0)) team.end();
  });

  async function makeTeam(threads: number, options?: ThreadTeamOptions): Promise<ThreadTeam> {
    const team = new ThreadTeam(kernels, module, pool.memory, options);
    teams.push(team);
    limitThreads(threads);
    await team.ready();
    team.eager = true;
    return team;
  }

  /** A product with random operands, as the team computes it and as one thread does. */
  function product(team: ThreadTeam, rows: number, inner = 24, columns = 20): { shared: Buffer; alone: Buffer } {
    const rng = new Rng(rows);
    const random = (length: number): number => {
      const address = pool.allocate(4 * length);
      pool.floats(address, length).set(Float64Array.from({ length }, () => rng.normal()));
      return address;
    };
    const [a, b] = [random(rows * inner), random(inner * columns)];
    const results = [true, false].map((share) => {
      const c = pool.allocate(4 * rows * columns);
      pool.floats(c, rows * columns).fill(NaN);
      const parameters = [a, b, c, columns, inner, 0, 0, 0];
      const done = share && team.run('gemm', rows, parameters);
      if (!done) kernels.gemm(...parameters, 0, rows);
      return Buffer.from(pool.bytes(c, 4 * rows * columns).slice());
    });
    return { shared: results[0], alone: results[1] };
  }

  for (const threads of [2, 3, 4]) {
    it(`computes the same bytes on ${threads} threads as on one, whatever the number of rows`, async () => {
      const team = await makeTeam(threads);
      for (const rows of [1, 4, 5, 8, 23, 64, 201, 1248]) {
        const { shared, alone } = product(team, rows);
        assert.ok(shared.equals(alone), `${rows} rows`);
      }
    });
  }

  it('lets other threads take their part', async () => {
    const rows = 64;
    let own = 0;
    // The calling thread takes its time, so that the others come to their turn on a busy machine, too.
    const { gemm } = kernels;
    const slow = (...numbers: number[]): void => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      own += numbers[9] - numbers[8];
      gemm(...numbers);
    };
    kernels = { ...kernels, gemm: slow };
    const team = await makeTeam(3);
    kernels = { ...kernels, gemm };
    for (let i = 0; i < 5; i++) {
      own = 0;
      const { shared, alone } = product(team, rows);
      assert.ok(shared.equals(alone));
      assert.ok(own < rows, `${own} of ${rows} rows`);
    }
  });

  it('does nothing with one thread, and starts none', async () => {
    const team = await makeTeam(1);
    assert.equal(team.run('gemm', 64, [0, 0, 0, 0, 0, 0, 0, 0]), false);
    assert.equal(team.size, 1);
  });

  it('starts threads only when there has been much work', () => {
    const team = new ThreadTeam(kernels, module, pool.memory);
    teams.push(team);
    limitThreads(2);
    product(team, 64);
    assert.equal(team.size, 1);
    const place = pool.allocate(4 * 2048 * 64);
    for (let i = 0; i < 80; i++) team.run('gemm', 2048, [place, place, place, 64, 64, 0, 0, 0]);
    assert.equal(team.size, 2);
  });

  it('sees memory that has grown since the threads started', async () => {
    const team = await makeTeam(3);
    pool.allocate(pool.memory.buffer.byteLength);
    const { shared, alone } = product(team, 512);
    assert.ok(shared.equals(alone));
  });

  it('throws what a kernel throws, and goes on', async () => {
    const team = await makeTeam(3);
    const outside = 2 ** 32 - 64;
    assert.throws(() => team.run('gemm', 64, [1024, 1024, outside, 8, 8, 0, 0, 0]), /out of bounds/);
    const { shared, alone } = product(team, 512);
    assert.ok(shared.equals(alone));
    assert.equal(team.size, 3);
  });

  it('goes on alone when a thread dies with a part of the work', async () => {
    const team = await makeTeam(3, { script: bundled(rogue), patience: 300 });
    survives(team);
  });

  it('goes on alone when a thread hangs', async () => {
    const team = await makeTeam(3, {
      script: bundled(rogue),
      worker: { argv: ['--hang'] },
      patience: 300,
    });
    survives(team);
  });

  function survives(team: ThreadTeam): void {
    assert.equal(team.size, 3);
    for (let i = 0; i < 200 && team.size > 1; i++) {
      const { shared, alone } = product(team, 4096);
      assert.ok(shared.equals(alone), `call ${i}`);
    }
    assert.equal(team.size, 1);
    const { shared, alone } = product(team, 512);
    assert.ok(shared.equals(alone));
  }

  it('goes on alone where threads cannot start', async () => {
    const team = await makeTeam(2, { script: path.join(__dirname, 'no-such-thread.js') });
    const { shared, alone } = product(team, 512);
    assert.ok(shared.equals(alone));
    assert.equal(team.size, 1);
  });

  it('neither keeps a process alive nor prints', async () => {
    const { code, stdout, output } = await runCommand(process.execPath, [bundled('test/support/threadsAtRest.ts')]);
    assert.equal(stdout, '3\n', output);
    assert.equal(output, stdout);
    assert.equal(code, 0);
  });
});
