import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { CancellationTokenSource, HoverRequest } from 'vscode-languageserver/node';
import { PurifyRequest, ReportRequest, type PurifyParams } from '../../protocol/requests';
import { toUri } from '../../server/src/lsp/fileUri';
import { makeTestWorkspace } from '../../test/support/exampleWorkspace';
import { LspClient } from '../../test/support/lspClient';

/** Milliseconds between two requests: about as often as a person's pointer asks for hovers. */
const pause = 20;

/** Milliseconds, one a request. */
export interface Latencies {
  /** Of the server. */
  readonly server: readonly number[];
  /** Of a process that only echoes: what the machine, with all that runs on it, lets a process wait. */
  readonly echo: readonly number[];
}

/**
 * How long the server takes to answer small requests (the last report of a model, a hover in `graphnad.json`) from the
 * first to the last epoch of a purification, in turns with a process that does nothing else.
 */
export async function measureLatency(): Promise<Latencies> {
  const workspace = await makeTestWorkspace();
  try {
    return await askWhilePurifying(workspace.folder);
  } finally {
    await workspace.remove();
  }
}

async function askWhilePurifying(folder: string): Promise<Latencies> {
  const model = path.join(folder, 'models', 'backdoored.pt');
  const [data] = readdirSync(path.join(folder, 'data'));
  const manifest = JSON.stringify({ models: [{ model: 'models/backdoored.pt' }] });
  writeFileSync(path.join(folder, 'graphnad.json'), manifest);
  mkdirSync(path.join(folder, 'results'));
  const client = await LspClient.start({ folders: [folder], transport: 'ipc' });
  const echo = new Echo();
  try {
    const textDocument = { uri: toUri(path.join(folder, 'graphnad.json')) };
    await client.notify('textDocument/didOpen', {
      textDocument: { ...textDocument, languageId: 'json', version: 1, text: manifest },
    });
    const position = { line: 0, character: manifest.indexOf('backdoored') };
    const params: PurifyParams = {
      uri: toUri(model),
      dataUri: toUri(path.join(folder, 'data', data)),
      outputUri: toUri(path.join(folder, 'results', 'purified.pt')),
      jobId: 'bench',
    };
    const source = new CancellationTokenSource();
    let ended = false;
    const purified = client.request(PurifyRequest.method, params, source.token).finally(() => (ended = true));
    purified.catch(() => undefined);
    const server: number[] = [];
    const echoed: number[] = [];
    while (!ended) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (client.progress.length === 0) continue;
      echoed.push(await timed(() => echo.ask()));
      server.push(
        await timed(() =>
          server.length % 2 === 0
            ? client.request(ReportRequest.method, { uri: params.uri })
            : client.request(HoverRequest.method, { textDocument, position }),
        ),
      );
    }
    await purified;
    return { server, echo: echoed };
  } finally {
    echo.end();
    await client.dispose();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** A process that sends back what it gets. */
class Echo {
  private readonly child = spawn(process.execPath, ['-e', "process.on('message', (it) => process.send(it))"], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

  async ask(): Promise<void> {
    const answer = once(this.child, 'message');
    this.child.send('?');
    await answer;
  }

  end(): void {
    this.child.kill();
  }
}
