import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import fc from 'fast-check';
import { findRedisUrlFault, parseRedisUrls } from './redis-urls.ts';

const single = 'redis://[user:password@]host[:port][/database]';
const sentinel = 'redis+sentinel://[user:password@]host:port,host:port/name[/database]';
const cluster = 'redis+cluster://[user:password@]host:port,host:port';
const anyForm = `not the URL of a Redis: expected ${single} or ${sentinel} or ${cluster}, or the same with rediss for TLS`;

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
  ])('has nothing against %s', (text) => {
    expect(findRedisUrlFault(text)).toBeUndefined();
  });

  test.each([
    ['', anyForm],
    ['localhost', anyForm],
    ['hidden:hidden@localhost:6379', anyForm],
    ['http://:hidden@localhost', anyForm],
    ['redis://', `no host: expected ${single}`],
    ['redis://localhost/first', `the database is not a number: expected ${single}`],
    ['redis://localhost:0', `a port is not between 1 and 65535: expected ${single}`],
    ['redis://localhost:65536', `a port is not between 1 and 65535: expected ${single}`],
    ['redis://u:hid/den@localhost', `not a host, or not a host with a port: expected ${single}`],
    [
      'redis://u:hid@den@localhost',
      `not a URL ("@", "/", "?" and "#" of a user or a password are written %40, %2F, %3F and %23): expected ${single}`,
    ],
    [
      'redis://u:hidden%@localhost',
      `in the user or the password stands a "%" (written %25) that starts no %XX: expected ${single}`,
    ],
    ['redis://a,b', `several hosts: expected one, or ${sentinel} or ${cluster}`],
    ['redis://a?hidden=hidden', `after "?" stands something else than replica: expected ${single}`],
    ['redis://a?ca=/ca.pem', `after "?" stands something else than replica: expected ${single}`],
    [
      'rediss://a?x',
      `after "?" stands something else than replica, ca, servername: expected ${single.replace('redis', 'rediss')}`,
    ],
    ['rediss://a?ca=/not/there.pem', 'the file of "ca" cannot be read (ENOENT)'],
    [
      'redis+sentinel://a:1,b:2',
      `after the sentinels stands no name of a primary, or no number of a database after that: expected ${sentinel}`,
    ],
    ['redis+sentinel://a:1,,b:2/main', `no host: expected ${sentinel}`],
    ['redis+sentinel://a/main?read=both', 'read is neither primary nor replica'],
    ['redis+cluster://a:1/1', `a cluster has one database only: expected ${cluster}`],
    ['redis+cluster://a:b', `not a host, or not a host with a port: expected ${cluster}`],
    ['redis://a hidden redis://', `URL 2 of 3: ${anyForm}; URL 3 of 3: no host: expected ${single}`],
    ['redis://a redis://b redis://a', 'URL 3 of 3: the same as one before'],
  ])('refuses %j', (text, fault) => {
    expect(findRedisUrlFault(text)).toBe(fault);
  });

  test('refuses a file that holds no certificate', async () => {
    await using directory = await temporaryDirectory('ca');
    const file = join(directory.path, 'ca.pem');
    await writeFile(file, 'hidden');
    expect(findRedisUrlFault(`rediss://a?ca=${file}`)).toBe('the file of "ca" holds no certificate in PEM');
  });

  test('never shows any of what it was given', () => {
    const secret = 'ZQXJ';
    const around = fc.string({ unit: fc.constantFrom(...'redis+ntluc:/@,?=%#&[]1aZ '.split('')), maxLength: 30 });
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(findRedisUrlFault(`${before}${secret}${after}`) ?? '').not.toContain(secret);
      }),
    );
  });
});
