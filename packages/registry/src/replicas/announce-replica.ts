import type { Cluster, Redis } from 'ioredis';

/** The routers that are alive: a sorted set of their ids by when they last said so, ms of Redis' own clock. */
export const replicasKey = 'turn:routers';

/**
 * Adds one id, drops those that are too old, and counts. By the clock of Redis, since those of two machines cannot be compared; that one
 * steps back, too, when a replica with another clock takes over, so what lies further ahead than a lifetime is dropped as well.
 * One script, hence one step: no router is counted between its own arrival and another's departure.
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

/** How many routers have announced themselves within the last `lifetimeMs`, this one included. Rejects as ioredis does. */
export async function announceReplica(redis: Redis | Cluster, replicaId: string, lifetimeMs: number): Promise<number> {
  return Number(await redis.eval(script, 1, replicasKey, replicaId, lifetimeMs));
}
