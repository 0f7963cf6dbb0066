import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import Redis from 'ioredis';
import { parseQueueUrl, QueueError, type QueueAddress } from '../../../../server/src/jobs/remote/address';
import { connect } from '../../../../server/src/jobs/remote/connection';
import { until } from '../../../support/processes';
import { RedisServer, type RedisServerOptions } from '../../../support/redis/redisServer';
import { useTmpFolder } from '../../../support/tmpFolder';

const fixtures = path.join(__dirname, '../../../fixtures/tls');
const tls = { certificate: path.join(fixtures, 'certificate.pem'), key: path.join(fixtures, 'key.pem') };
const password = 'geh:eim/1';

describe('connect', () => {
  const tmp = useTmpFolder();
  let server: RedisServer | undefined;

  afterEach(() => server?.kill());

  async function start(options: Partial<RedisServerOptions> = {}): Promise<string> {
    server = await RedisServer.start({ folder: tmp(), ...options });
    return server.url;
  }

  async function refusal(address: QueueAddress): Promise<string> {
    const error = await connect(address).then(
      () => assert.fail('it was connected'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof QueueError, String(error));
    assert.ok(!error.message.includes(password), error.message);
    return error.message;
  }

  it('wants the right password', async () => {
    const address = parseQueueUrl(await start({ password }));
    const client = await connect(address);
    assert.equal(await client.ping(), 'PONG');
    client.disconnect();
    const { options } = address;
    assert.match(await refusal({ ...address, options: { ...options, password: 'another' } }), /WRONGPASS/);
    assert.match(await refusal({ ...address, options: { ...options, password: undefined } }), /NOAUTH/);
  });

  it('speaks TLS, and checks whom it speaks to', async () => {
    const address = parseQueueUrl(await start({ password, tls }));
    assert.match(await refusal(address), /self-signed certificate/);
    const ca = readFileSync(tls.certificate);
    const client = await connect({ ...address, options: { ...address.options, tls: { ca, servername: 'localhost' } } });
    assert.equal(await client.ping(), 'PONG');
    client.disconnect();
    assert.match(
      await refusal({ ...address, options: { ...address.options, tls: { ca, servername: 'elsewhere' } } }),
      /Hostname\/IP does not match/,
    );
  });

  it('says where nobody answers', async () => {
    const url = await start();
    await server?.kill();
    assert.match(
      await refusal(parseQueueUrl(url)),
      /^redis:\/\/localhost:\d+: the queue cannot be reached: .*ECONNREFUSED/,
    );
  });

  it('says where it may be the other kind, with TLS or without', async () => {
    const plain = await start({ tls });
    assert.match(await refusal(parseQueueUrl(plain.replace('rediss:', 'redis:'))), /; one with TLS has .* rediss:$/);
  });

  it('says where what answers is something else', async () => {
    const other = createServer((_, response) => response.end('hello')).listen(0);
    try {
      const { port } = other.address() as AddressInfo;
      assert.match(await refusal(parseQueueUrl(`redis://localhost:${port}`)), /what answers there is no Redis/);
    } finally {
      other.close();
    }
  });

  it('refuses a server that throws data away when its memory is full', async () => {
    const url = await start();
    const client = new Redis(url);
    await client.config('SET', 'maxmemory-policy', 'volatile-lru');
    client.disconnect();
    assert.match(
      await refusal(parseQueueUrl(url)),
      /maxmemory-policy volatile-lru.*set maxmemory-policy to noeviction/,
    );
  });

  it('refuses a server that is a copy of another', async () => {
    const url = await start();
    const client = new Redis(url);
    try {
      await client.replicaof('localhost', '1');
      assert.match(await refusal(parseQueueUrl(url)), /it is a copy of another server/);
    } finally {
      client.disconnect();
    }
  });

  it('tells of a connection that is lost and found again', async () => {
    const troubles: string[] = [];
    const client = await connect(parseQueueUrl(await start()), (trouble) => troubles.push(trouble));
    await until('it is well', () => troubles.at(-1) === '');
    await server?.kill();
    await until('the trouble is told', () => /ECONNREFUSED/.test(troubles.at(-1) ?? ''));
    const asked = client.ping();
    await server?.start();
    assert.equal(await asked, 'PONG');
    assert.equal(troubles.at(-1), '');
    client.disconnect();
  });
});
