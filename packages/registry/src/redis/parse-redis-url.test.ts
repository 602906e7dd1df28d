import { describe, expect, test } from '@jest/globals';
import { parseRedisUrl } from './parse-redis-url.ts';

const plain = { credentials: {}, tls: undefined };
const oneServer = { kind: 'single', ...plain, database: 0, replica: undefined };
const threeSentinels = [
  { host: 'a', port: 26_379 },
  { host: '10.0.0.2', port: 26_380 },
  { host: '2001:db8::3', port: 26_381 },
];

describe('parseRedisUrl reads', () => {
  test.each([
    ['redis://localhost', { ...oneServer, primary: { host: 'localhost', port: 6379 } }],
    ['redis://[::1]:6390/', { ...oneServer, primary: { host: '::1', port: 6390 } }],
    ['REDIS://10.0.0.1:1/7', { ...oneServer, primary: { host: '10.0.0.1', port: 1 }, database: 7 }],
    [
      'redis://:p%40ss:%2F@redis.example.org',
      { ...oneServer, primary: { host: 'redis.example.org', port: 6379 }, credentials: { password: 'p@ss:/' } },
    ],
    [
      'redis://user@h?replica=copy:6380',
      {
        ...oneServer,
        primary: { host: 'h', port: 6379 },
        credentials: { username: 'user' },
        replica: { host: 'copy', port: 6380 },
      },
    ],
    ['rediss://h', { ...oneServer, primary: { host: 'h', port: 6379 }, tls: {} }],
    [
      'rediss://u:p@h:6380/3?ca=/etc/ca.pem&servername=redis.example.org',
      {
        ...oneServer,
        primary: { host: 'h', port: 6380 },
        database: 3,
        credentials: { username: 'u', password: 'p' },
        tls: { caFile: '/etc/ca.pem', serverName: 'redis.example.org' },
      },
    ],
    [
      'redis+sentinel://a,10.0.0.2:26380,[2001:db8::3]:26381/main-1.x_y',
      {
        kind: 'sentinel',
        ...plain,
        sentinels: threeSentinels,
        sentinelCredentials: {},
        primaryName: 'main-1.x_y',
        database: 0,
        readsReplica: false,
      },
    ],
    [
      'rediss+sentinel://u:p@a/main/2?sentinelUser=s&sentinelPassword=q%26&read=replica',
      {
        kind: 'sentinel',
        credentials: { username: 'u', password: 'p' },
        tls: {},
        sentinels: threeSentinels.slice(0, 1),
        sentinelCredentials: { username: 's', password: 'q&' },
        primaryName: 'main',
        database: 2,
        readsReplica: true,
      },
    ],
    [
      'redis+cluster://:p@a:1,b:2?read=primary',
      {
        kind: 'cluster',
        credentials: { password: 'p' },
        tls: undefined,
        seeds: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        readsReplica: false,
      },
    ],
    [
      'rediss+cluster://a/?read=replica',
      { kind: 'cluster', credentials: {}, tls: {}, seeds: [{ host: 'a', port: 6379 }], readsReplica: true },
    ],
  ])('%s', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
  });
});
