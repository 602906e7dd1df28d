import { nodeIdSchema, regionNameSchema } from './names.ts';

/** Which node: its region and its id there. */
export type NodeKey = { readonly region: string; readonly id: string };

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
  return parseNames(redisKey.slice(redisKeyPrefix.length).split(':'));
}

/** `<region>/<id>`: how people and answers name a node. */
export function nodeNameFromKey({ region, id }: NodeKey): string {
  return `${region}/${id}`;
}

/** Reads `<region>/<id>`; undefined when it is anything else. */
export function parseNodeName(name: string): NodeKey | undefined {
  return parseNames(name.split('/'));
}

function parseNames([region, id, ...rest]: string[]): NodeKey | undefined {
  if (rest.length > 0 || !regionNameSchema.safeParse(region).success || !nodeIdSchema.safeParse(id).success) {
    return undefined;
  }
  return region === undefined || id === undefined ? undefined : { region, id };
}
