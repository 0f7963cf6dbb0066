import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

export interface NpmRegistry {
  /** For the setting `registry` of npm. */
  readonly url: string;
  close(): void;
}

/**
 * Serves one package to npm on this machine, as its registry would.
 *
 * @param folder the package, with its package.json
 * @param npm how npm is started
 */
export async function serveNpmPackage(folder: string, npm: readonly [string, ...string[]]): Promise<NpmRegistry> {
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  const { name, version } = manifest;
  const [program, ...args] = npm;
  const { stdout } = await promisify(execFile)(program, [...args, 'pack', '--json', '--silent'], { cwd: folder });
  const [{ filename, integrity }] = JSON.parse(stdout) as { filename: string; integrity: string }[];
  const tarball = await readFile(path.join(folder, path.basename(filename)));
  const server = createServer(({ url: requested = '', headers }, response) => {
    if (requested.endsWith('.tgz')) {
      response.end(tarball);
    } else if (decodeURIComponent(requested) === `/${name}`) {
      const dist = { tarball: `http://${headers.host}/package.tgz`, integrity };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }),
      );
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}
