/**
 * Opens SARIF logs in programs of others, and fails where one has a warning or does not show a result.
 *
 *   graphnad scan FOLDER --format sarif --output log.sarif
 *   npm install --prefix PEERS --legacy-peer-deps react@16 react-dom@16 \
 *     @microsoft/sarif-web-component@0.6.0-29 @microsoft/sarif-multitool-linux@5.7.0
 *   npm run bench -- sarifViewers --peers PEERS log.sarif...
 *
 * The validator of Microsoft's SARIF SDK checks the rules of the standard and those of GitHub (its notes, which recommend
 * such things as embedding the scanned files, do not count); its viewer, a component for web pages, runs in a headless
 * browser. Neither is a dependency: together they are larger than this program.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Log } from 'sarif';
import { launchBrowser } from '../test/support/browser/launchBrowser';

void main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { peers: { type: 'string' } }, allowPositionals: true });
  if (values.peers === undefined || positionals.length === 0) throw new Error('--peers FOLDER and a log are needed');
  const packages = path.resolve(values.peers, 'node_modules');
  for (const file of positionals) {
    const complaints = [...validate(file, packages), ...(await view(file, packages))];
    console.log(`${file}: ${complaints.length === 0 ? 'no warnings' : complaints.join('\n  ')}`);
    if (complaints.length > 0) process.exitCode = 1;
  }
}

/** Errors and warnings of the validator. */
function validate(file: string, packages: string): string[] {
  const program = path.join(packages, '@microsoft', `sarif-multitool-${process.platform}`, 'Sarif.Multitool');
  // Its package makes it executable by a script, and scripts of packages do not run.
  chmodSync(program, 0o755);
  const folder = mkdtempSync(path.join(tmpdir(), 'graphnad-sarif-'));
  try {
    const output = ['--output', path.join(folder, 'validation.sarif'), '--log', 'ForceOverwrite'];
    const rules = ['--rule-kind', 'Sarif;Gh;Ghas', '--level', 'Error;Warning', '--kind', 'Fail;Review;Open'];
    const { stdout, stderr } = spawnSync(program, ['validate', file, ...output, ...rules], { encoding: 'utf8' });
    if (!stdout.includes('Analysis completed successfully'))
      return [`the validator did not finish: ${stdout}${stderr}`];
    return stdout.split('\n').filter((line) => /: (error|warning) [A-Z]+\d+:/.test(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the viewer says on its console, and rules with results that it does not show. */
async function view(file: string, packages: string): Promise<string[]> {
  const log = JSON.parse(readFileSync(file, 'utf8')) as Log;
  const page = await pageScript(packages);
  const browser = await launchBrowser();
  try {
    const tab = await browser.newPage();
    const complaints: string[] = [];
    tab.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) complaints.push(`the viewer: ${message.text()}`);
    });
    tab.on('pageerror', (error) => complaints.push(`the viewer: ${error.message}`));
    await tab.setContent('<!doctype html><meta charset="utf-8"><body><div></div></body>');
    await tab.addScriptTag({ content: `window.sarifLog = ${JSON.stringify(log)};` });
    await tab.addScriptTag({ content: page });
    await tab.getByText('GraphNAD').first().waitFor();
    const text = await tab.innerText('body');
    const rules = new Set(log.runs.flatMap(({ results = [] }) => results.map(({ ruleId = '' }) => ruleId)));
    return [...complaints, ...[...rules].filter((rule) => !text.includes(rule)).map((rule) => `${rule} is not shown`)];
  } finally {
    await browser.close();
  }
}

/** The viewer with React, as one script that shows `window.sarifLog`. */
async function pageScript(packages: string): Promise<string> {
  const contents = `
    import * as React from 'react';
    import * as ReactDOM from 'react-dom';
    import { Viewer } from '@microsoft/sarif-web-component';
    ReactDOM.render(React.createElement(Viewer, { logs: [window.sarifLog] }), document.body.firstElementChild);`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: path.dirname(packages), loader: 'js' },
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'error',
    // React warns of misuse only while it is being developed with.
    define: { 'process.env.NODE_ENV': '"development"', global: 'window' },
  });
  return outputFiles[0].text;
}
