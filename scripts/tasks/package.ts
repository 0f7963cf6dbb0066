/** `npm run package`: writes graphnad-VERSION.vsix. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageExtension } from '../lib/packageExtension';
import { repositoryRoot } from '../lib/paths';

const manifest = JSON.parse(readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8')) as {
  name: string;
  version: string;
};
const file = path.join(repositoryRoot, `${manifest.name}-${manifest.version}.vsix`);
void packageExtension(file).then(
  () => console.log(`Wrote ${path.relative(process.cwd(), file)}`),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
