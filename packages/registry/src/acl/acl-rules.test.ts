import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { Redis } from 'ioredis';
import { createRedisApiKeys } from '../api-keys/api-keys.ts';
import { createRedisAuditLog } from '../audit/redis-audit-log.ts';
import { createRedisRegistry } from '../redis/redis-registry.ts';
import { createRedisRevocations } from '../revocations/revocations.ts';
import { aclCommandFrom, aclFileLineFrom, reporterAcl, routerAcl, type AclUser } from './acl-rules.ts';
import { sha256 } from './sha256.fixture.ts';

const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;
const own = { region: 'eu-central-1', id: 'node-01' };
const other = { region: 'eu-central-1', id: 'node-02' };
const ownName = 'turn:node:eu-central-1:node-01';
const otherName = 'turn:node:eu-central-1:node-02';
const password = 'a password';
const passwordSha256 = sha256(password);

const reporter = reporterAcl(own, { passwordSha256, endsRelays: false });
const endingReporter = { ...reporterAcl(own, { passwordSha256, endsRelays: true }), name: 'ending-reporter' };
/** A reporter with the rules of a version without proofs. They are those for Redis 6, too. */
const oldReporter = {
  ...reporterAcl(own, { passwordSha256, endsRelays: false, provesOthers: false }),
  name: 'old-reporter',
};
const router = routerAcl({ passwordSha256, acceptsReports: false, revokes: false });
const writingRouter = routerAcl({ passwordSha256, acceptsReports: true, revokes: false });

describe('ACL lines', () => {
  test("reset the user's previous permissions first", () => {
    expect(aclCommandFrom(reporter)).toBe(
      `ACL SETUSER reporter-eu-central-1-node-01 reset on #${passwordSha256} resetchannels ~${ownName} -@all +ping +client|setname +set +del +time (%R~turn:node:* %R~turn:proof:* +scan +get +mget +strlen +pttl +info) (%W~turn:proof:*:*:eu-central-1:node-01 +set)`,
    );
  });

  test('contain nothing that Redis 6 lacks, for a reporter that proves no other nodes', () => {
    expect(aclFileLineFrom(oldReporter)).toBe(
      `user old-reporter on #${passwordSha256} resetchannels ~${ownName} -@all +ping +client|setname +set +del +time`,
    );
  });

  test('contain no reset in a file', () => {
    expect(aclFileLineFrom(router)).toBe(
      `user router on #${passwordSha256} resetchannels %R~turn:node:* %R~turn:proof:* ~turn:routers %R~turn:api-keys %R~turn:revocations ~turn:limit:* -@all +ping +client|setname +scan +get +mget +strlen +pttl +info +hlen +hgetall +memory|usage +eval +time +zadd +zremrangebyscore +pexpire +zcard +zrem +hset +hdel +zremrangebyrank +zrange (~turn:audit ~turn:audit:state:* +eval) (~turn:audit +xadd +xrevrange) (~turn:audit:state:* +get +set) (~turn:held:* +get +set)`,
    );
  });

  test('permit reading the slot map of a cluster', () => {
    const { rules } = reporterAcl(own, { passwordSha256, endsRelays: false, isCluster: true });
    expect(rules).toEqual(expect.arrayContaining(['+cluster|slots', '+readonly', '+asking']));
  });
});

describe('a Redis with these users', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
    for (const user of [reporter, oldReporter, endingReporter, router, { ...writingRouter, name: 'writing-router' }]) {
      const answer = await server.cli(...aclCommandFrom(user).split(' '));
      if (answer !== 'OK\n') throw new Error(`Redis does not take the rules: ${answer}`);
    }
    await server.cli('SET', otherName, JSON.stringify(report));
  });
  afterAll(() => server.stop());

  const urlFor = ({ name }: Pick<AclUser, 'name'>) => server.url.replace('//', `//${name}:a%20password@`);
  const openFor = (user: Pick<AclUser, 'name'>) =>
    createRedisRegistry({ url: urlFor(user), name: 'test', random: () => 0 });
  const noPermission = expect.objectContaining({ code: 'refused', fault: 'no_permission' });

  test('lets a reporter write and remove its own report without a refused command', async () => {
    await server.cli('ACL', 'LOG', 'RESET');
    await using registry = openFor(reporter);
    await registry.put(own, report, 60_000);
    await registry.readClock();
    expect(JSON.parse(await server.cli('GET', ownName))).toEqual(report);
    await registry.remove(own);
    expect(await server.cli('EXISTS', ownName)).toBe('0\n');
    expect(await server.cli('ACL', 'LOG')).toBe('\n');
  });

  test('refuses a reporter all other calls of the registry', async () => {
    await using registry = openFor(reporter);
    await expect(registry.put(other, report, 60_000)).rejects.toEqual(noPermission);
    await expect(registry.remove(other)).rejects.toEqual(noPermission);
    await expect(registry.announceReplica('a')).rejects.toEqual(noPermission);
    await expect(registry.withdrawReplica('a')).rejects.toEqual(noPermission);
    await expect(registry.exchangeLimits('a', [], [])).rejects.toEqual(noPermission);
  });

  test.each([
    ['SET', otherName, 'stolen'],
    ['DEL', otherName],
    ['DEL', ownName, otherName],
    ['RENAME', ownName, otherName],
    ['COPY', otherName, ownName],
    ['EXPIRE', otherName, '1'],
    ['APPEND', ownName, 'x'],
    ['KEYS', '*'],
    ['ZADD', 'turn:routers', '1', 'x'],
    ['FLUSHALL'],
    ['CONFIG', 'GET', '*'],
    ['ACL', 'LIST'],
    ['CLIENT', 'LIST'],
    ['EVAL', "return redis.call('GET', KEYS[1])", '1', otherName],
    ['GET', 'turn:routers'],
    ['GET', 'turn/realm/turn-router/secret'],
    ['STRLEN', 'turn:held:api-keys'],
    ['MGET', ownName, 'turn:api-keys'],
    ['HGETALL', 'turn:api-keys'],
    ['HSET', 'turn:api-keys', 'mine', '{}'],
    ['HGETALL', 'turn:revocations'],
    ['HDEL', 'turn:revocations', 'user:alice'],
    ['HSET', 'turn:limit:{0}:0f', 'x', '9'],
    ['XADD', 'turn:audit', '*', 'entry', '{}'],
    ['XREVRANGE', 'turn:audit', '+', '-'],
    ['PUBLISH', 'x', 'x'],
    ['SUBSCRIBE', 'x'],
    ['SHUTDOWN'],
  ])('refuses a stolen reporter credential: %s %s', async (command, ...args) => {
    const thief = new Redis(urlFor(reporter), { enableReadyCheck: false });
    try {
      await expect(thief.call(command, ...args)).rejects.toThrow(/^NOPERM/);
    } finally {
      thief.disconnect();
    }
    expect(JSON.parse(await server.cli('GET', otherName))).toEqual(report);
  });

  test.each([
    ['GET', otherName],
    ['GET', ownName],
    ['MGET', ownName, otherName],
    ['SCAN', '0'],
    ['INFO'],
    ['SET', `turn:proof:eu-central-1:node-02:eu-central-1:node-01`, '{}'],
  ])('refuses a reporter that proves no other nodes: %s %s', async (command, ...args) => {
    const thief = new Redis(urlFor(oldReporter), { enableReadyCheck: false });
    try {
      await expect(thief.call(command, ...args)).rejects.toThrow(/^NOPERM/);
    } finally {
      thief.disconnect();
    }
  });

  test('lets a router read, announce itself and count calls without a refused command', async () => {
    await server.cli('ACL', 'LOG', 'RESET');
    await using registry = openFor(router);
    const reading = await registry.readAll();
    expect(reading.records).toEqual([{ key: other, report }]);
    expect(reading.serverId).toMatch(/^[0-9a-f]{40}$/);
    expect(await registry.announceReplica('a')).toBe(1);
    await registry.withdrawReplica('a');
    const limited = { bucket: '0f', limit: 9, calls: [{ ageSlots: 0, calls: 1 }], wish: 2 };
    expect((await registry.exchangeLimits('a', [limited], ['0f'])).busy).toEqual(['0f']);
    await registry.exchangeLimits('a', [{ ...limited, calls: [], wish: 0 }], []);
    expect(await server.cli('ACL', 'LOG')).toBe('\n');
  });

  test('lets a router read the length of a large value', async () => {
    await using registry = openFor(router);
    await server.cli('SET', ownName, 'x'.repeat(5000));
    const readings = [await registry.readAll(), await registry.readAll()];
    await server.cli('DEL', ownName);
    expect(readings.map(({ rejected }) => rejected.map(({ reason }) => reason))).toEqual([
      ['too_large'],
      ['too_large'],
    ]);
  });

  test.each([
    ['a router', 'API keys', router, createRedisApiKeys, 'turn:api-keys'],
    ['a router', 'revocations', router, createRedisRevocations, 'turn:revocations'],
    ['a reporter that ends relays', 'revocations', endingReporter, createRedisRevocations, 'turn:revocations'],
  ])('lets %s read %s, but not write them', async (_who, _what, user, open, key) => {
    await server.cli('ACL', 'LOG', 'RESET');
    await server.cli('HSET', key, 'name', '{}');
    await using hash = open({ url: urlFor(user), name: 'test', random: () => 0, monotonicNowMs: () => 0 });
    expect(await hash.readAll()).toEqual(new Map([['name', '{}']]));
    expect(await server.cli('ACL', 'LOG')).toBe('\n');
    await expect(hash.replace('name', '{}', undefined)).rejects.toEqual(noPermission);
    expect(await server.cli('HGETALL', key)).toBe('name\n{}\n');
  });

  test('lets a router report a loss, and does not need the permissions for it', async () => {
    await server.cli('DEL', 'turn:api-keys');
    await server.cli('ACL', 'LOG', 'RESET');
    const options = { name: 'test', random: () => 0, monotonicNowMs: () => 0 };
    await using held = createRedisApiKeys({ ...options, url: urlFor(router) });
    await held.reportHeld(3);
    expect(await held.findLoss()).toEqual({ sign: 'held', entries: 3 });
    expect(await server.cli('ACL', 'LOG')).toBe('\n');
    await using unheld = createRedisApiKeys({ ...options, url: urlFor(endingReporter) });
    await expect(unheld.reportHeld(3)).rejects.toEqual(noPermission);
    await using revocations = createRedisRevocations({ ...options, url: urlFor(endingReporter) });
    await server.cli('DEL', 'turn:revocations');
    expect(await revocations.findLoss()).toBeUndefined();
    await server.cli('DEL', 'turn:held:api-keys');
  });

  const auditEvent = { actor: 'router:a', action: 'node.draining', subject: 'eu-central-1/node-01' } as const;

  test.each([router, { ...writingRouter, name: 'writing-router' }])(
    'lets $name append to and read the audit log',
    async (user) => {
      await server.cli('ACL', 'LOG', 'RESET');
      await using log = createRedisAuditLog({
        url: urlFor(user),
        name: 'test',
        random: () => 0,
        monotonicNowMs: () => 0,
        commandTimeoutMs: 1_000,
      });
      await log.append(auditEvent);
      await log.append(auditEvent, { of: 'node', is: user.name, lastsMs: 60_000, settlesMs: 1_000 });
      await log.append(auditEvent, { of: 'node', is: user.name, lastsMs: 60_000 });
      const { entries } = await log.read({ sinceMs: 0, limit: 2 });
      expect(entries).toMatchObject([auditEvent, auditEvent]);
      expect(await server.cli('ACL', 'LOG')).toBe('\n');
    },
  );

  test.each([
    ['DEL', 'turn:audit'],
    ['SET', 'turn:audit', 'x'],
    ['XDEL', 'turn:audit', '1-0'],
    ['XTRIM', 'turn:audit', 'MAXLEN', '0'],
    ['XSETID', 'turn:audit', '99999999999999-0'],
    ['PEXPIRE', 'turn:audit', '1'],
    ['EVAL', "return redis.call('DEL', KEYS[1])", '1', 'turn:audit'],
    ['EVAL', "return redis.call('SET', KEYS[1], 'x')", '1', 'turn:audit'],
    ['EVAL', "return redis.call('PEXPIRE', KEYS[1], 1)", '1', 'turn:audit'],
  ])('refuses to delete from the audit log with a router credential: %s %s', async (command, ...args) => {
    await server.cli('XADD', 'turn:audit', '*', 'entry', '{}');
    const length = await server.cli('XLEN', 'turn:audit');
    const thief = new Redis(urlFor({ name: 'writing-router' }), { enableReadyCheck: false });
    try {
      await expect(thief.call(command, ...args)).rejects.toThrow(/NOPERM|ACL failure|can't access/);
    } finally {
      thief.disconnect();
    }
    expect(await server.cli('XLEN', 'turn:audit')).toBe(length);
  });

  test('refuses reports from a router', async () => {
    await using registry = openFor(router);
    await expect(registry.put(own, report, 60_000)).rejects.toEqual(noPermission);
    await expect(registry.remove(other)).rejects.toEqual(noPermission);
  });

  test.each([
    ['SET', otherName, 'stolen'],
    ['PEXPIRE', otherName, '1'],
    ['ZADD', otherName, '1', 'x'],
    ['EVAL', "return redis.call('DEL', KEYS[1])", '1', otherName],
    ['EVAL', "return redis.call('PEXPIRE', KEYS[1], 1)", '1', otherName],
    ['FLUSHALL'],
    ['CONFIG', 'GET', '*'],
  ])('refuses a stolen router credential: %s %s', async (command, ...args) => {
    const thief = new Redis(urlFor(router), { enableReadyCheck: false });
    try {
      await expect(thief.call(command, ...args)).rejects.toThrow(/NOPERM|ACL failure/);
    } finally {
      thief.disconnect();
    }
    expect(JSON.parse(await server.cli('GET', otherName))).toEqual(report);
  });

  test('lets a router that accepts reports write them', async () => {
    await using registry = openFor({ name: 'writing-router' });
    await registry.put(own, report, 60_000);
    expect((await registry.readAll()).records).toHaveLength(2);
    await registry.remove(own);
    expect((await registry.readAll()).records).toHaveLength(1);
  });
});
