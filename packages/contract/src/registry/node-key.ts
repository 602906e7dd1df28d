import { nodeKeyFromNames, type NodeKey } from '../terms/names.ts';

const redisKeyPrefix = 'turn:node:';

/** Matches every node's key in Redis (`SCAN … MATCH`). */
export const nodeKeyGlob = `${redisKeyPrefix}*`;

/** `turn:node:<region>:<id>` */
export function redisKeyFromNodeKey({ region, id }: NodeKey): string {
  return `${redisKeyPrefix}${region}:${id}`;
}

/** Reads `turn:node:<region>:<id>`; undefined when the key has another shape or its names are not valid. */
export function parseRedisKey(redisKey: string): NodeKey | undefined {
  if (!redisKey.startsWith(redisKeyPrefix)) return undefined;
  return nodeKeyFromNames(redisKey.slice(redisKeyPrefix.length).split(':'));
}
