import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import fc from 'fast-check';
import { findRedisUrlFault, parseRedisUrl, parseRedisUrls } from './redis-url.ts';

const single = 'redis://[user:password@]host[:port][/database]';
const sentinel = 'redis+sentinel://[user:password@]host:port,host:port/name[/database]';
const cluster = 'redis+cluster://[user:password@]host:port,host:port';
const anyForm = `not a Redis URL: expected ${single} or ${sentinel} or ${cluster}, or the same with rediss for TLS`;

describe('parseRedisUrls', () => {
  test.each([
    ['', []],
    ['redis://a', ['redis://a']],
    [' redis://a\n\tredis+cluster://b,c  ', ['redis://a', 'redis+cluster://b,c']],
  ])('finds the URLs in %j', (text, urls) => {
    expect(parseRedisUrls(text)).toEqual(urls);
  });
});

describe('findRedisUrlFault', () => {
  test.each([
    'redis://127.0.0.1:6379',
    'rediss://user:p%40ss@redis.example.org/3',
    'redis+sentinel://a:1,b:2/main?read=replica',
    'redis://a redis+cluster://b,c',
    'redis://a?family=0',
    'rediss://a:6380/2?family=0&servername=b',
    'redis+cluster://a,b?family=0',
  ])('accepts %s', (text) => {
    expect(findRedisUrlFault(text)).toBeUndefined();
  });

  test.each([
    ['', anyForm],
    ['localhost', anyForm],
    ['hidden:hidden@localhost:6379', anyForm],
    ['http://:hidden@localhost', anyForm],
    ['redis://', `the host is missing: expected ${single}`],
    ['redis://localhost/first', `the database must be a number: expected ${single}`],
    ['redis://localhost:0', `a port must be between 1 and 65535: expected ${single}`],
    ['redis://localhost:65536', `a port must be between 1 and 65535: expected ${single}`],
    ['redis://u:hid/den@localhost', `not a host or host:port: expected ${single}`],
    [
      'redis://u:hid@den@localhost',
      `not a URL (write "@", "/", "?" and "#" in the user and password as %40, %2F, %3F and %23): expected ${single}`,
    ],
    ['redis://u:hidden%@localhost', `invalid %XX in the user or the password (write "%" as %25): expected ${single}`],
    ['redis://a,b', `several hosts: expected one host, or the form ${sentinel} or ${cluster}`],
    ['redis://a?hidden=hidden', `unknown parameter after "?" (allowed: replica): expected ${single}`],
    ...(
      [
        [
          'family=4',
          'remove "family", because both address families are used. For one of them, write an address as the host',
        ],
        ['db=2', 'write the database after the host: /2 instead of ?db=2'],
        ['password=hidden', 'write the password before the host: user:password@host'],
        ['tls=true', 'for TLS, write rediss instead of redis'],
        ['family=0&connectTimeout=5000', 'remove it, because the timeouts are fixed'],
        [
          'keyPrefix=hidden:',
          'remove it, because the names of the keys are fixed. For separate fleets, use separate databases',
        ],
      ] as const
    ).map(([query, remedy]): [string, string] => [
      `redis://a?${query}`,
      `unknown parameter after "?" (allowed: replica); ${remedy}: expected ${single}`,
    ]),
    ['redis://a?ca=/ca.pem', `unknown parameter after "?" (allowed: replica): expected ${single}`],
    [
      'rediss://a?x',
      `unknown parameter after "?" (allowed: replica, ca, servername): expected ${single.replace('redis', 'rediss')}`,
    ],
    ['rediss://a?ca=/not/there.pem', 'the "ca" file cannot be read (ENOENT)'],
    [
      'redis+sentinel://a:1,b:2',
      `the primary's name after the sentinels is missing or invalid, or the database is not a number: expected ${sentinel}`,
    ],
    ['redis+sentinel://a:1,,b:2/main', `the host is missing: expected ${sentinel}`],
    ['redis+sentinel://a/main?read=both', '"read" must be "primary" or "replica"'],
    ['redis+cluster://a:1/1', `a cluster has only one database: expected ${cluster}`],
    ['redis+cluster://a:b', `not a host or host:port: expected ${cluster}`],
    ['redis://a hidden redis://', `URL 2 of 3: ${anyForm}; URL 3 of 3: the host is missing: expected ${single}`],
    ['redis://a redis://b redis://a', 'URL 3 of 3: repeats an earlier URL'],
  ])('refuses %j', (text, fault) => {
    expect(findRedisUrlFault(text)).toBe(fault);
  });

  test('rejects a file without a certificate', async () => {
    await using directory = await temporaryDirectory('ca');
    const file = join(directory.path, 'ca.pem');
    await writeFile(file, 'hidden');
    expect(findRedisUrlFault(`rediss://a?ca=${file}`)).toBe('the "ca" file contains no PEM certificate');
  });

  test('quotes no part of the URL', () => {
    const secret = 'ZQXJ';
    const around = fc.string({ unit: fc.constantFrom(...'redis+ntluc:/@,?=%#&[]1aZ '.split('')), maxLength: 30 });
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(findRedisUrlFault(`${before}${secret}${after}`) ?? '').not.toContain(secret);
      }),
    );
  });
});

const plain = { credentials: {}, tls: undefined };
const oneServer = { kind: 'single', ...plain, database: 0, replica: undefined };
const threeSentinels = [
  { host: 'a', port: 26_379 },
  { host: '10.0.0.2', port: 26_380 },
  { host: '2001:db8::3', port: 26_381 },
];

describe('parseRedisUrl parses', () => {
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
