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
    assert.deepEqual(seen[0].scans, { done: 0, total: 2 });
    asked.done();
    second.progress(0.405);
    await until('the next', () => seen.length === 2);
    assert.equal(seen[1].activity, 'Scanning b.pt, 40% and 1 more');
    second.done();
    await until('the third', () => seen.length === 3);
    assert.equal(seen[2].activity, 'Scanning a.pt');
    assert.deepEqual(seen[2].scans, { done: 1, total: 2 });
    first.done();
    models = 2;
    await until('the last', () => seen.length === 4);
    assert.deepEqual([seen[3].state, seen[3].activity, seen[3].models], ['idle', undefined, 2]);
    assert.equal(seen[3].scans, undefined);
    status.changed();
    await delay(200);
    assert.equal(seen.length, 4);
    status.dispose();
    client.dispose();
    server.dispose();
  });
});
