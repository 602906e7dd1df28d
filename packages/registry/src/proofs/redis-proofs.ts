import {
  nodeProofGlob,
  nodeProofKey,
  nodeProofMaxBytes,
  parseNodeProof,
  type NodeProof,
  type NodeProofKey,
  type StoredProof,
} from '@turn-router/contract/registry';
import type { RedisDeployment } from '../redis/deployment/redis-deployment.ts';
import { readFitValues, readTexts } from '../redis/reading/fit-values.ts';
import { batchesOf, type Shard } from '../redis/reading/shard.ts';
import { checkOk } from '../redis/replies.ts';
import { createProofList } from './proof-list.ts';
import type { ProofReading, ProofStore } from './proof-store.ts';

/**
 * Keeps proofs in Redis. Each proof has a key `turn:proof:<region>:<id>:<prober region>:<prober id>`.
 *
 * @param max the largest number of proofs in one reading
 */
export function createRedisProofs({ read, write }: Pick<RedisDeployment, 'read' | 'write'>, max: number): ProofStore {
  return {
    readAllProofs: () => read((shards) => readAllProofs(shards, max)),
    readProofs: (keys) => read((shards) => readProofs(shards, keys)),
    putProof: ({ target, prober }, proof, ttlMs) =>
      write(async (redis) => {
        checkOk('SET', await redis.set(nodeProofKey(target, prober), JSON.stringify(proof), 'PX', ttlMs));
      }),
  };
}

/** Reads the proofs on all shards, at most `max`. */
async function readAllProofs(shards: readonly Shard[], max: number): Promise<ProofReading> {
  const list = createProofList(max);
  await Promise.all(shards.map((shard, index) => shard.listNames(nodeProofGlob, list.addFrom(index))));
  const proofs: StoredProof[] = [];
  let invalid = list.invalid();

  async function readShard(shard: Shard, names: readonly string[]): Promise<void> {
    for (const batch of batchesOf(names)) {
      // Batches run one after the other, so that Redis serves other clients in between.
      const { present, unfit } = await readFitValues(shard, batch, nodeProofMaxBytes);
      invalid += unfit.length;
      for (const [name, text] of present) {
        const key = list.keys.get(name);
        const parsed = parseNodeProof(text);
        if (key !== undefined && parsed.ok) proofs.push({ ...key, proof: parsed.proof });
        else invalid += 1;
      }
    }
  }

  await Promise.all(shards.map((shard, index) => readShard(shard, list.namesOn(index))));
  return { proofs, invalid, leftOut: list.leftOut() };
}

/** Reads the proofs with these keys, in their order. Undefined: a proof is missing or invalid. */
async function readProofs(shards: readonly Shard[], keys: readonly NodeProofKey[]): Promise<(NodeProof | undefined)[]> {
  const texts = await readTexts(
    shards,
    keys.map(({ target, prober }) => nodeProofKey(target, prober)),
    nodeProofMaxBytes,
  );
  return texts.map((text) => {
    const parsed = text === undefined ? undefined : parseNodeProof(text);
    return parsed?.ok === true ? parsed.proof : undefined;
  });
}
