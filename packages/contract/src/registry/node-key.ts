import { nodeKeyFromNames, type NodeKey } from '../terms/names.ts';

const redisKeyPrefix = 'turn:node:';

/** Matches the Redis key of every node (`SCAN … MATCH`). */
export const nodeKeyGlob = `${redisKeyPrefix}*`;

/** Returns `turn:node:<region>:<id>`. */
export function redisKeyFromNodeKey({ region, id }: NodeKey): string {
  return `${redisKeyPrefix}${region}:${id}`;
}

/** Parses `turn:node:<region>:<id>`. Returns undefined if the format or a name is invalid. */
export function parseRedisKey(redisKey: string): NodeKey | undefined {
  if (!redisKey.startsWith(redisKeyPrefix)) return undefined;
  return nodeKeyFromNames(redisKey.slice(redisKeyPrefix.length).split(':'));
}
