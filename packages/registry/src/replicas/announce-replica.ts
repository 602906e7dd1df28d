import type { Cluster, Redis } from 'ioredis';
import { wholeNumberFrom } from '../redis/replies.ts';

/** A sorted set of the ids of live routers, scored by their last announcement: ms of Redis' own clock. */
export const replicasKey = 'turn:routers';

/**
 * Adds one id, drops expired ids, and counts the rest. Uses the clock of Redis, since the clocks of two machines cannot be compared. The
 * clock of Redis can step back if a replica with another clock takes over. So ids more than a lifetime ahead are dropped as well. A script
 * is atomic: no other router sees the set between adding and dropping.
 */
const script = `
local id, lifetimeMs = ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], nowMs, id)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', nowMs - lifetimeMs)
redis.call('ZREMRANGEBYSCORE', KEYS[1], nowMs + lifetimeMs, '+inf')
redis.call('PEXPIRE', KEYS[1], lifetimeMs)
return redis.call('ZCARD', KEYS[1])
`;

/** Returns the number of routers announced within the last `lifetimeMs`, this one included. Rejects with ioredis' errors or a RegistryError. */
export async function announceReplica(redis: Redis | Cluster, replicaId: string, lifetimeMs: number): Promise<number> {
  return wholeNumberFrom('EVAL', await redis.eval(script, 1, replicasKey, replicaId, lifetimeMs), 1);
}
