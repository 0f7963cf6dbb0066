import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import Redis from 'ioredis';
import { sha256Of } from '../../../../server/src/jobs/hashFile';
import { chunkBytes, ContentMissingError, ContentStore } from '../../../../server/src/jobs/remote/contentStore';
import { contentKey } from '../../../../server/src/jobs/remote/keys';
import { RedisServer } from '../../../support/redis/redisServer';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('ContentStore', () => {
  const tmp = useTmpFolder();
  let server: RedisServer;
  let client: Redis;
  let store: ContentStore;

  beforeEach(async () => {
    server = await RedisServer.start({ folder: tmp() });
    client = new Redis(server.url);
    store = new ContentStore(client);
  });
  afterEach(async () => {
    client.disconnect();
    await server.kill();
  });

  /** A file of so many bytes. */
  function file(length: number): { path: string; content: Buffer; sha256: string } {
    const content = Buffer.alloc(length, 'model').fill(7, 0, Math.min(3, length));
    writeFileSync(tmp('file'), content);
    return { path: tmp('file'), content, sha256: sha256Of(content) };
  }

  for (const length of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes]) {
    it(`carries ${length} bytes there and back`, async () => {
      const { path, content, sha256 } = file(length);
      assert.deepEqual(await store.claim('job', [sha256]), [sha256]);
      await store.put(sha256, path);
      assert.deepEqual(await store.claim('another', [sha256]), []);
      assert.deepEqual(await store.read(sha256, length), content);
      await store.fetch(sha256, length, tmp('back'));
      assert.deepEqual(readFileSync(tmp('back')), content);
    });
  }

  it('keeps content for as long as a job needs it', async () => {
    const { path, sha256 } = file(10);
    await store.claim('first', [sha256]);
    await store.put(sha256, path);
    await store.claim('second', [sha256]);
    await store.release('first', [sha256]);
    assert.equal((await store.read(sha256, 10)).length, 10);
    await store.release('second', [sha256]);
    await assert.rejects(store.read(sha256, 10), ContentMissingError);
    assert.deepEqual(await client.keys('*'), []);
  });

  it('is not kept for ever where whoever brings it is killed on the way', async () => {
    const { path, sha256 } = file(3 * chunkBytes);
    const dying = new Redis(server.url, { retryStrategy: () => null });
    dying.on('error', () => undefined);
    const hset = dying.hset.bind(dying) as (...args: unknown[]) => Promise<number>;
    let chunks = 0;
    dying.hset = async (...args: unknown[]) => {
      if (++chunks > 2) dying.disconnect();
      return hset(...args);
    };
    await assert.rejects(new ContentStore(dying).put(sha256, path));
    assert.deepEqual(await store.claim('job', [sha256]), [sha256]);
    assert.equal(await client.hlen(contentKey(sha256)), 2);
    assert.ok((await client.ttl(contentKey(sha256))) > 0);
  });

  it('takes nothing for content that is something else', async () => {
    const { path, sha256 } = file(10);
    await store.claim('job', [sha256]);
    writeFileSync(path, 'changed on the way');
    await assert.rejects(store.put(sha256, path), /is not that of .*file any more/);
    assert.deepEqual(await store.claim('job', [sha256]), [sha256]);

    await client.hset(contentKey(sha256), { 0: 'forged, 10', bytes: '10' });
    await assert.rejects(store.fetch(sha256, 10, tmp('back')), /was changed on its way/);
    await client.hset(contentKey(sha256), '0', Buffer.alloc(chunkBytes + 1));
    await assert.rejects(store.fetch(sha256, 10, tmp('back')), /in a piece that is too large/);
    assert.deepEqual(
      readdirSync(tmp()).filter((name) => name.startsWith('back')),
      [],
    );
  });
});
