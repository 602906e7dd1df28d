import { expect, test } from '@jest/globals';
import type { NodeProof, NodeProofKey } from '@turn-router/contract/registry';
import { createMemoryProofs, RegistryError, type ProofStore } from '@turn-router/registry';
import { createManualClock } from '@turn-router/testing';
import { createLogger } from '../observe/logger.ts';
import { createProofDoor } from './proof-door.ts';
import { openRegistries } from './registries.ts';

const key: NodeProofKey = { target: { region: 'eu', id: 'node-1' }, prober: { region: 'us', id: 'node-2' } };
const proof: NodeProof = { paths: [], at: 7 };

const fail = () => Promise.reject(new RegistryError('unavailable', 'Redis is not available'));
const unreachable: ProofStore = { readAllProofs: fail, readProofs: fail, putProof: fail };

test('proofs over HTTP are those by which the router judges nodes, also in the embedded registry', async () => {
  const { now } = createManualClock();
  const logger = createLogger('fatal', { write: () => undefined });
  await using registries = openRegistries(
    { redisUrls: undefined, stateDir: undefined, writesState: true },
    { nowMs: now, monotonicNowMs: now, random: () => 0, logger, metrics: { useUnsaved: () => undefined } },
  );
  await registries.proofDoor.putProof(key, proof, 90_000);
  const readings = await Promise.all(registries.proofs.map(({ store }) => store.readAllProofs()));
  expect(readings.map(({ proofs }) => proofs)).toEqual([[{ ...key, proof }]]);
});

test('proofs go to the first registry that accepts them, and are found there', async () => {
  const second = createMemoryProofs(() => 0);
  const door = createProofDoor([unreachable, second]);
  await door.putProof(key, proof, 90_000);
  expect(await second.readProofs([key])).toEqual([proof]);
  expect(await door.readProofs([key])).toEqual([proof]);
});

test('without a registry that answers, the last error is returned', async () => {
  const door = createProofDoor([unreachable, unreachable]);
  await expect(door.putProof(key, proof, 90_000)).rejects.toMatchObject({ message: 'Redis is not available' });
  await expect(door.readProofs([key])).rejects.toMatchObject({ code: 'unavailable' });
});
