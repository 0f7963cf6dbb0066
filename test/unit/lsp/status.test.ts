import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { StatusNotification } from '../../../protocol/requests';
import { Status } from '../../../server/src/lsp/status';
import { until } from '../../support/processes';

describe('Status', () => {
  it("tells what runs, somebody's request first, and nothing twice", async () => {
    const [up, down] = [new PassThrough(), new PassThrough()];
    const server = createConnection(up, down);
    const client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    const seen: StatusNotification.Params[] = [];
    client.onNotification(StatusNotification.method, (status: StatusNotification.Params) => void seen.push(status));
    server.listen();
    client.listen();
    let models = 1;
    const status = new Status(server, () => ({ models, errors: 0, warnings: 0, notAssessed: 0 }));

    const first = status.begin('Scanning a.pt', false);
    const second = status.begin('Scanning b.pt', false);
    const asked = status.begin('Purifying c.pt', true);
    await until('a status', () => seen.length === 1);
    assert.deepEqual([seen[0].state, seen[0].activity], ['busy', 'Purifying c.pt and 2 more']);
    asked();
    second();
    await until('the next', () => seen.length === 2);
    assert.equal(seen[1].activity, 'Scanning a.pt');
    first();
    models = 2;
    await until('the last', () => seen.length === 3);
    assert.deepEqual([seen[2].state, seen[2].activity, seen[2].models], ['idle', undefined, 2]);
    status.changed();
    await delay(200);
    assert.equal(seen.length, 3);
    status.dispose();
    client.dispose();
    server.dispose();
  });
});
