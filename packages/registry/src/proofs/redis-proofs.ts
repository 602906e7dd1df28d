import { nodeProofKey } from '@turn-router/contract/registry';
import type { RedisDeployment } from '../redis/deployment/redis-deployment.ts';
import { checkOk } from '../redis/replies.ts';
import type { ProofStore } from './proof-store.ts';
import { readAllProofs, readProofs } from './read-proofs.ts';

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
