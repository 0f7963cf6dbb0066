/** The browser host of `test/ui`: the packed extension, and of the workbench's own ones those that tests meet. */
import path from 'node:path';
import { packageFile, testResultsFolder } from '../../../scripts/lib/paths';
import { type CodeServer, type CodeServerOptions, startCodeServer } from './codeServer';
import { installCodeServer } from './installCodeServer';

/** The others take two seconds of processor time from every window, and no test has anything for them to do. */
const neededBuiltIns: readonly string[] = [
  'configuration-editing',
  'json',
  'json-language-features',
  'markdown-basics',
  'markdown-language-features',
  'theme-defaults',
  'theme-modern-icons',
  'theme-seti',
];

/**
 * Starts a host with the packed extension in it.
 *
 * @param name of the suite; `test-results/ui-NAME-host.log` holds what the host prints
 * @throws as `startCodeServer` and `installCodeServer`
 */
export async function startTestHost(
  name: string,
  options: Pick<CodeServerOptions, 'env' | 'settings' | 'workspaceTrust'> = {},
): Promise<CodeServer> {
  return startCodeServer(await installCodeServer(), {
    ...options,
    extensions: [packageFile],
    builtInExtensions: neededBuiltIns,
    log: path.join(testResultsFolder, `ui-${name}-host.log`),
  });
}
