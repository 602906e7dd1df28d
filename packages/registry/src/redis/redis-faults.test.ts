import { describe, expect, test } from '@jest/globals';
import { freePort, startRedis, startRedisCluster, startRedisReplica, startRedisTls } from '@turn-router/testing';
import { faultOf, frankfurt, read, report, timeUntil, write } from './calls.fixture.ts';
import { createRedisRegistry } from './redis-registry.ts';

const open = (url: string) => createRedisRegistry({ url, name: 'test', random: () => 0 });

describe('a fault of Redis is classified as', () => {
  test('readonly for a write to a replica, and stale_role for a reading from it', async () => {
    await using primary = await startRedis();
    await using replica = await startRedisReplica(primary);
    await using registry = open(replica.url);
    await expect(registry.put(frankfurt, report, 1000)).rejects.toMatchObject({
      code: 'refused',
      fault: 'readonly',
      message: 'Redis refused the command: READONLY',
    });
    await timeUntil('stale_role', read(registry));
    await replica.cli('REPLICAOF', 'NO', 'ONE');
    await timeUntil(undefined, write(registry));
    expect((await registry.readAll()).records).toHaveLength(1);
  });

  test('loading while it reads its data from disk', async () => {
    const slowly = ['--enable-debug-command', 'yes', '--loading-process-events-interval-bytes', '1024'];
    await using server = await startRedis({ args: slowly });
    await using registry = open(server.url);
    await registry.put(frankfurt, report, 60_000);
    await server.cli('DEBUG', 'POPULATE', '800');
    await server.cli('CONFIG', 'SET', 'key-load-delay', '1000');
    const reload = server.cli('DEBUG', 'RELOAD');
    await timeUntil('loading', read(registry));
    await reload;
    expect(await faultOf(registry.readAll())).toBeUndefined();
  });

  test('out_of_memory for a write, while readings succeed', async () => {
    await using server = await startRedis({ args: ['--maxmemory', '100kb', '--maxmemory-policy', 'noeviction'] });
    await using registry = open(server.url);
    expect(await faultOf(registry.put(frankfurt, report, 1000))).toBe('out_of_memory');
    expect(await faultOf(registry.announceReplica('a'))).toBe('out_of_memory');
    expect(await faultOf(registry.readAll())).toBeUndefined();
  });

  test('no_auth without a password, and wrong_password with a wrong one', async () => {
    await using server = await startRedis({ args: ['--requirepass', 'right'] });
    await using without = open(server.url);
    await using wrong = open(server.url.replace('//', '//:wrong@'));
    await using right = open(server.url.replace('//', '//:right@'));
    expect(await faultOf(without.readAll())).toBe('no_auth');
    expect(await faultOf(wrong.readAll())).toBe('wrong_password');
    expect(await faultOf(right.readAll())).toBeUndefined();
  });

  test('no_permission without the permission, while a reading succeeds without INFO', async () => {
    await using server = await startRedis();
    await server.cli('ACL', 'SETUSER', 'default', '-info');
    await using registry = open(server.url);
    expect(await registry.readAll()).toEqual({ records: [], rejected: [] });
    await server.cli('CONFIG', 'RESETSTAT');
    await registry.readAll();
    expect(await server.cli('INFO', 'commandstats')).not.toContain('cmdstat_info');
    await server.cli('ACL', 'SETUSER', 'default', '-scan');
    expect(await faultOf(registry.readAll())).toBe('no_permission');
  });

  test('connection for a certificate of an unknown authority', async () => {
    await using server = await startRedisTls();
    await using registry = open(server.tlsUrl);
    await expect(registry.readAll()).rejects.toMatchObject({
      fault: 'connection',
      message: expect.stringMatching(/^Redis is not available: [A-Z_]+$/),
    });
  });

  test('connection for a certificate with another name', async () => {
    await using server = await startRedisTls();
    await using registry = open(`${server.tlsUrl}?ca=${server.caFile}&servername=redis.example.org`);
    await expect(registry.readAll()).rejects.toMatchObject({
      fault: 'connection',
      message: 'Redis is not available: ERR_TLS_CERT_ALTNAME_INVALID',
    });
    await using rightly = open(`${server.tlsUrl}?ca=${server.caFile}&servername=localhost`);
    expect(await faultOf(rightly.readAll())).toBeUndefined();
  });

  test('connection when no sentinel answers', async () => {
    await using registry = open(`redis+sentinel://127.0.0.1:${await freePort()}/main`);
    await expect(registry.readAll()).rejects.toMatchObject({
      fault: 'connection',
      message: 'Redis is not available: no sentinel returned a server address',
    });
  });

  test('no_auth when all nodes of a cluster refuse the login, and connection when none answers', async () => {
    await using server = await startRedis({ args: ['--requirepass', 'right'] });
    await using refused = open(`redis+cluster://127.0.0.1:${server.port}`);
    expect(await faultOf(refused.readAll())).toBe('no_auth');
    await using nowhere = open(`redis+cluster://127.0.0.1:${await freePort()}`);
    expect(await faultOf(nowhere.readAll())).toBe('connection');
  });

  test('cluster_down when some slots have no node', async () => {
    await using cluster = await startRedisCluster({ primaries: 1 });
    await using registry = open(cluster.url);
    await registry.put(frankfurt, report, 60_000);
    await cluster.primaries[0]?.cli('CLUSTER', 'DELSLOTS', '0');
    await timeUntil('cluster_down', write(registry));
    await timeUntil('cluster_down', read(registry));
    await cluster.primaries[0]?.cli('CLUSTER', 'ADDSLOTS', '0');
    await timeUntil(undefined, write(registry));
    expect((await registry.readAll()).records).toHaveLength(1);
  });
});
