/** A Redis server of a test's own: on a free port, in a folder of its own, and gone when the test is. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { ensureRedis } from './ensureRedis';

export interface RedisServerOptions {
  /** Keeps its data here, and finds them again when it is started anew. */
  readonly folder: string;
  readonly password?: string;
  /** Certificate and key, in PEM files: it speaks TLS alone then. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** Every change is written to its log of changes before it is answered, as a queue that must not lose jobs is run. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly options: RedisServerOptions,
    readonly port: number,
  ) {}

  /** Starts a server and waits until it answers. */
  static async start(options: RedisServerOptions): Promise<RedisServer> {
    const server = new RedisServer(options, await freePort());
    await server.start();
    return server;
  }

  /** Its address, the password in it. */
  get url(): string {
    const { password, tls } = this.options;
    const secret = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
    return `${tls ? 'rediss' : 'redis'}://${secret}localhost:${this.port}`;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Starts it again, on the same port and with what it had written down. */
  async start(): Promise<void> {
    const { folder, password, tls } = this.options;
    const { executable, env } = await ensureRedis();
    const settings: [string, string][] = [
      ['bind', '127.0.0.1 ::1'],
      ['dir', folder],
      ['appendonly', 'yes'],
      ['appendfsync', 'everysec'],
      ['save', ''],
      ['maxmemory-policy', 'noeviction'],
      ...(password === undefined ? [] : [['requirepass', password] as [string, string]]),
      ...(tls
        ? ([
            ['port', '0'],
            ['tls-port', String(this.port)],
            ['tls-cert-file', path.resolve(tls.certificate)],
            ['tls-key-file', path.resolve(tls.key)],
            ['tls-auth-clients', 'no'],
          ] as [string, string][])
        : [['port', String(this.port)] as [string, string]]),
    ];
    const child = spawn(
      executable,
      settings.flatMap(([name, value]) => [`--${name}`, ...(name === 'bind' ? value.split(' ') : [value])]),
      { env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const killIt = (): void => void child.kill('SIGKILL');
    process.once('exit', killIt);
    child.once('exit', () => process.removeListener('exit', killIt));
    this.child = child;
    await ready(child);
  }
}

/** Resolves when the server says that it accepts connections. */
async function ready(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (text: Buffer): void => {
      output += text.toString();
      if (/ready to accept connections/i.test(output)) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the Redis server ended at once:\n${output}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
