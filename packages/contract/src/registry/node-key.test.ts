import { describe, expect, test } from '@jest/globals';
import { nodeNameFromKey, parseNodeName } from '../terms/names.ts';
import { parseRedisKey, redisKeyFromNodeKey } from './node-key.ts';

const longest = 'a'.repeat(63);

describe('a node’s key', () => {
  test.each([
    ['eu-central-1', 'node-01'],
    ['0', longest],
  ])('survives the conversion to a Redis key and back: %s, %s', (region, id) => {
    expect(redisKeyFromNodeKey({ region, id })).toBe(`turn:node:${region}:${id}`);
    expect(parseRedisKey(`turn:node:${region}:${id}`)).toEqual({ region, id });
    expect(parseNodeName(nodeNameFromKey({ region, id }))).toEqual({ region, id });
  });

  test.each([
    '',
    'turn:node:eu-central-1',
    'turn:node:eu-central-1:',
    'turn:node::x',
    'turn:node:eu-central-1:a:b',
    'turn:node:EU:a',
    'turn:node:-eu:a',
    `turn:node:eu:${longest}a`,
    'turn:node:eu:a\n',
    'turn:secret:eu:a',
  ])('rejects the Redis key %j', (key) => {
    expect(parseRedisKey(key)).toBeUndefined();
  });
});
