import { statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { packagedFiles } from '../../test/support/vscodeHost/unpackExtension';

export interface Size {
  readonly name: string;
  readonly bytes: number;
  /** As packages carry it. */
  readonly compressed: number;
}

/** Sizes of a package and of each bundle in it, the largest first. */
export async function measureSizes(vsix: string): Promise<{ readonly package: number; readonly bundles: Size[] }> {
  const files = [...(await packagedFiles(vsix))].filter(([name]) => /^dist\/.*\.(js|wasm)$/.test(name));
  const bundles = files
    .map(([name, data]) => ({ name, bytes: data.length, compressed: gzipSync(data).length }))
    .sort((a, b) => b.bytes - a.bytes);
  return { package: statSync(vsix).size, bundles };
}
