import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';
import { ContentHashes } from '../../../../server/src/jobs/cache/contentHashes';
import type { InputStore } from '../../../../server/src/jobs/remote/inputStore';
import { JobFolder, removeAbandoned, type JobPlaces } from '../../../../server/src/jobs/remote/jobFolder';
import { placeOf } from '../../../../server/src/jobs/remote/places';
import { WorkplaceError } from '../../../../server/src/jobs/remote/workplace';
import { useTmpFolder } from '../../../support/tmpFolder';

describe('folders of jobs', () => {
  const tmp = useTmpFolder();

  it('are removed where their worker is gone, and not where it runs or is elsewhere', async () => {
    // No system gives a process so high a number.
    const gone = `job-${hostname()}-999999999-a`;
    const kept = [`job-${hostname()}-${process.pid}-a`, `job-${hostname()}elsewhere-999999999-a`, 'content', 'job-'];
    for (const name of [gone, ...kept]) mkdirSync(tmp(name, 'in-0'), { recursive: true });
    await removeAbandoned(tmp());
    assert.ok(!existsSync(tmp(gone)));
    for (const name of kept) assert.ok(existsSync(tmp(name, 'in-0')), name);
  });

  it('cannot be had where the folder of the worker has become something else, whatever the job', async () => {
    writeFileSync(tmp('scratch'), '');
    const inputs = {} as InputStore; // it needs none
    const places: JobPlaces = { allowed: [], scratch: tmp('scratch'), inputs, hashes: new ContentHashes() };
    const task = { kind: 'scan', model: placeOf('out', 0, 'gin.pt'), codeOnly: true } as const;
    await assert.rejects(JobFolder.open({ task, inputs: [], outputs: 1 }, places), WorkplaceError);
    const folder = await JobFolder.open({ task, inputs: [], outputs: 1 }, { ...places, scratch: tmp('other') });
    await folder.remove();
  });
});
