import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NodeProof } from '@turn-router/contract/registry';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { Redis } from 'ioredis';
import { createRedisRegistry } from '../redis/redis-registry.ts';
import { aclCommandFrom, reporterAcl, routerAcl, watchAcl, type AclUser } from './acl-rules.ts';
import { sha256 } from './sha256.fixture.ts';

const own = { region: 'eu-central-1', id: 'node-01' };
const other = { region: 'us-east-1', id: 'node-02' };
const target = { region: 'ap-south-1', id: 'node-03' };
const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;
const proof: NodeProof = {
  paths: [{ transport: 'udp', family: 'ipv4', port: 3478, ok: true, roundTripMs: 20.5 }],
  at: 7,
};
const passwordSha256 = sha256('a password');

const reporter = reporterAcl(own, { passwordSha256, endsRelays: false });
const oldReporter = { ...reporterAcl(own, { passwordSha256, endsRelays: false, provesOthers: false }), name: 'old' };
const router = routerAcl({ passwordSha256, acceptsReports: false, revokes: false });
const writingRouter = {
  ...routerAcl({ passwordSha256, acceptsReports: true, revokes: false }),
  name: 'writing-router',
};
const watch = watchAcl({ region: 'eu-central-1', id: 'watch-1' }, { passwordSha256 });
/** The rules of a router before proofs. */
const oldRouter = { name: 'old-router', rules: router.rules.filter((rule) => !rule.includes('turn:proof')) };

const ownProof = 'turn:proof:ap-south-1:node-03:eu-central-1:node-01';
const othersProof = 'turn:proof:ap-south-1:node-03:us-east-1:node-02';

describe('a Redis with the users of probers', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
    for (const user of [reporter, oldReporter, router, writingRouter, oldRouter, watch]) {
      const answer = await server.cli(...aclCommandFrom(user).split(' '));
      if (answer !== 'OK\n') throw new Error(`Redis does not take the rules: ${answer}`);
    }
    await server.cli('SET', 'turn:node:us-east-1:node-02', JSON.stringify(report));
    await server.cli('SET', othersProof, JSON.stringify(proof));
  });
  afterAll(() => server.stop());

  const urlFor = ({ name }: Pick<AclUser, 'name'>) => server.url.replace('//', `//${name}:a%20password@`);
  const openFor = (user: Pick<AclUser, 'name'>) =>
    createRedisRegistry({ url: urlFor(user), name: 'test', random: () => 0 });
  const noPermission = expect.objectContaining({ code: 'refused', fault: 'no_permission' });

  test('a reporter reads the fleet and all proofs, and writes its own proofs, without a refused command', async () => {
    await server.cli('ACL', 'LOG', 'RESET');
    await using registry = openFor(reporter);
    await registry.put(own, report, 60_000);
    expect((await registry.readAll()).records).toHaveLength(2);
    expect(await registry.readNode(other)).toEqual(report);
    await registry.proofs.putProof({ target, prober: own }, proof, 60_000);
    expect(
      await registry.proofs.readProofs([
        { target, prober: own },
        { target, prober: other },
      ]),
    ).toEqual([proof, proof]);
    expect((await registry.proofs.readAllProofs()).proofs).toHaveLength(2);
    expect(await server.cli('ACL', 'LOG')).toBe('\n');
    expect(Number(await server.cli('PTTL', ownProof))).toBeGreaterThan(50_000);
  });

  test('a reporter cannot write a proof in the name of another prober', async () => {
    await using registry = openFor(reporter);
    for (const prober of [
      other,
      { ...own, id: 'node-011' },
      { ...own, region: 'eu-central-11' },
      { region: own.id, id: own.region },
    ]) {
      await expect(registry.proofs.putProof({ target, prober }, proof, 60_000)).rejects.toEqual(noPermission);
    }
  });

  test.each([
    ['SET', othersProof, 'stolen'],
    ['SET', ownProof, 'x', 'GET'],
    ['SET', `${ownProof}:us-east-1:node-02`, 'x'],
    ['SET', 'turn:node:us-east-1:node-02', 'x'],
    ['SET', 'turn:routers:a:eu-central-1:node-01', 'x'],
    ['DEL', othersProof],
    ['DEL', ownProof],
    ['PEXPIRE', othersProof, '1'],
    ['RENAME', ownProof, othersProof],
    ['COPY', ownProof, othersProof],
    ['APPEND', ownProof, 'x'],
    ['MSET', ownProof, 'x', othersProof, 'x'],
    ['GETDEL', othersProof],
    ['GETEX', othersProof, 'PX', '1'],
    ['KEYS', '*'],
  ])('a stolen credential of a reporter is refused: %s %s', async (command, ...args) => {
    const thief = new Redis(urlFor(reporter), { enableReadyCheck: false });
    try {
      await expect(thief.call(command, ...args)).rejects.toThrow(/^NOPERM/);
    } finally {
      thief.disconnect();
    }
    expect(JSON.parse(await server.cli('GET', othersProof))).toEqual(proof);
  });

  test('a name that looks like an own proof to Redis is no proof', async () => {
    const thief = new Redis(urlFor(reporter), { enableReadyCheck: false });
    const forged = `${othersProof}:eu-central-1:node-01`;
    try {
      await thief.set(forged, JSON.stringify(proof), 'PX', 60_000);
    } finally {
      thief.disconnect();
    }
    await using registry = openFor(router);
    const { proofs, invalid } = await registry.proofs.readAllProofs();
    expect(proofs.every(({ prober }) => prober.id === own.id || prober.id === other.id)).toBe(true);
    expect(invalid).toBe(1);
    await server.cli('DEL', forged);
  });

  test('a fleet watch writes the records of all nodes, and only its own proofs', async () => {
    await server.cli('ACL', 'LOG', 'RESET');
    await using registry = openFor(watch);
    const prober = { region: 'eu-central-1', id: 'watch-1' };
    await registry.put(other, report, 60_000);
    await registry.proofs.putProof({ target: other, prober }, proof, 60_000);
    expect(await registry.proofs.readProofs([{ target: other, prober }])).toEqual([proof]);
    expect(await registry.readNode(other)).toEqual(report);
    expect(await server.cli('ACL', 'LOG')).toBe('\n');
    await expect(registry.proofs.putProof({ target, prober: own }, proof, 60_000)).rejects.toEqual(noPermission);
    await expect(registry.announceReplica('a')).rejects.toEqual(noPermission);
    expect(watchAcl(prober, { passwordSha256, provesOthers: false }).rules).toEqual([
      'on',
      `#${passwordSha256}`,
      'resetchannels',
      '~turn:node:*',
      '-@all',
      '+ping',
      '+client|setname',
      '+set',
      '+del',
    ]);
  });

  test('routers read proofs, and write them only if they accept reports', async () => {
    await server.cli('ACL', 'LOG', 'RESET');
    await using registry = openFor(router);
    await using writing = openFor(writingRouter);
    expect((await registry.proofs.readAllProofs()).proofs).toContainEqual({ target, prober: other, proof });
    await writing.proofs.putProof({ target: other, prober: target }, proof, 60_000);
    expect(await registry.proofs.readProofs([{ target: other, prober: target }])).toEqual([proof]);
    expect(await server.cli('ACL', 'LOG')).toBe('\n');
    await expect(registry.proofs.putProof({ target, prober: own }, proof, 60_000)).rejects.toEqual(noPermission);
  });

  test('users with released rules get no proofs, and keep everything else', async () => {
    await using reporting = openFor(oldReporter);
    await reporting.put(own, report, 60_000);
    await expect(reporting.readAll()).rejects.toEqual(noPermission);
    await expect(reporting.readNode(other)).rejects.toEqual(noPermission);
    await expect(reporting.proofs.readProofs([{ target, prober: own }])).rejects.toEqual(noPermission);
    await expect(reporting.proofs.putProof({ target, prober: own }, proof, 60_000)).rejects.toEqual(noPermission);
    await reporting.put(own, report, 60_000);

    await using reading = openFor(oldRouter);
    await expect(reading.proofs.readAllProofs()).rejects.toEqual(noPermission);
    expect((await reading.readAll()).records).toHaveLength(2);
  });
});
