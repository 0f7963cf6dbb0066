import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A fresh folder for each test of the surrounding `describe`, removed afterwards. */
export function useTmpFolder(): (...parts: string[]) => string {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'graphnad-test-')));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return (...parts) => path.join(folder, ...parts);
}
