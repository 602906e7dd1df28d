import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, freePort, temporaryDirectory, tinyGeoFile, type TemporaryDirectory } from '@turn-router/testing';
import { createFleetViewFromWorkers } from './fleet-view-from-workers.ts';
import { createQuestionDesk } from './question-desk.ts';
import { workerNumberVariable, type ToPrimary } from './messages.ts';

const policy = `
defaultRegion: us-east-1
regions:
  us-east-1: {location: [38.95, -77.45]}
  eu-central-1:
    location: [50.11, 8.68]
    staticNodes: [{id: last, publicIp: 192.0.2.9}]
`;
const monotonicNowMs = () => performance.now();

let directory: TemporaryDirectory;
const desk = createQuestionDesk<Worker>();
let worker: Worker;
beforeAll(async () => {
  directory = await temporaryDirectory('fleet-view-from-workers');
  const policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, policy);
  // A worker of the built router, with this process as its primary.
  cluster.setupPrimary({
    exec: fileURLToPath(new URL('../../dist/main.js', import.meta.url)),
    args: [],
    execArgv: [],
    serialization: 'advanced',
    silent: true,
  });
  worker = cluster.fork({
    [workerNumberVariable]: '1',
    HOST: '127.0.0.1',
    PORT: `${await freePort()}`,
    AUTH: 'anonymous',
    POLICY_FILE: policyFile,
    GEOIP_DB: tinyGeoFile,
    TURN_SECRETS: 'first=north-secret-of-2026',
    REPORTER_TOKEN: 'reporter-token-of-2026',
  });
  // It asks its primary for a verdict on the GeoIP file, and listens once it has one.
  worker.on('message', (message: ToPrimary) => {
    if (message.kind === 'answer') desk.handleAnswer(message);
    if (message.kind !== 'claim_geo_proof') return;
    worker.send({ kind: 'geo_verdict', digest: message.digest, verdict: undefined });
  });
});
afterAll(async () => {
  if (!worker.isDead()) {
    const ended = once(worker, 'exit');
    worker.process.kill('SIGKILL');
    await ended;
  }
  await directory[Symbol.asyncDispose]();
});

describe('the fleet view through workers', () => {
  test('is unavailable until a worker can answer', async () => {
    const nobody = createFleetViewFromWorkers(desk, () => [], monotonicNowMs);
    await expect(nobody.explain(undefined, { maxNodes: 1 })).rejects.toMatchObject({
      code: 'worker_unavailable',
      retryAfterSeconds: 1,
    });
    await expect(
      createFleetViewFromWorkers(desk, () => [worker], monotonicNowMs).status({ limit: 1 }),
    ).rejects.toMatchObject({
      code: 'worker_unavailable',
    });
  });

  test('comes from the first worker that answers, for status and explain', async () => {
    const view = createFleetViewFromWorkers(desk, () => [worker], monotonicNowMs);
    const status = await eventually('the worker to tell', () => view.status({ limit: 10 }));
    expect(status).toMatchObject({
      trust: 'static',
      regions: [{ region: 'us-east-1' }, { region: 'eu-central-1' }],
      nodes: [],
    });

    const explanation = await view.explain('81.2.69.142', { maxNodes: 1 });
    expect(explanation).toEqual({
      place: expect.objectContaining({ country: 'GB' }),
      placement: expect.objectContaining({
        natural: 'eu-central-1',
        home: 'eu-central-1',
        allowed: 'all',
        rung: 'nearest',
      }),
      decision: expect.objectContaining({
        ok: true,
        region: 'eu-central-1',
        reason: 'static',
        nodes: ['eu-central-1/last'],
      }),
    });
    expect(await view.explain(undefined, { maxNodes: 1, requireRegion: 'atlantis' })).toMatchObject({
      decision: { ok: false, code: 'unknown_region' },
    });
  });
});
