import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NodeProof } from '@turn-router/contract/registry';
import { aclCommandFrom, createRedisRegistry, reporterAcl, type AclUser } from '@turn-router/registry';
import { eventually, startCoturn, startRedis, type RedisServer } from '@turn-router/testing';
import { createHash } from 'node:crypto';
import { secret, startReporterStage, type ReporterStage } from './reporter-stage.fixture.ts';

const password = 'dK4-acl-password';
const passwordSha256 = createHash('sha256').update(password).digest('hex');
const frankfurt = { region: 'eu-central-1', id: 'node-01' };
const virginia = { region: 'us-east-1', id: 'node-02' };
const older = { region: 'us-east-1', id: 'node-03' };

let stage: ReporterStage;
let redis: RedisServer;
beforeAll(async () => {
  [stage, redis] = await Promise.all([startReporterStage(), startRedis()]);
  const users = [
    reporterAcl(frankfurt, { passwordSha256, endsRelays: false }),
    reporterAcl(virginia, { passwordSha256, endsRelays: false }),
    reporterAcl(older, { passwordSha256, endsRelays: false, provesOthers: false }),
  ];
  for (const user of users) {
    const answer = await redis.cli(...aclCommandFrom(user).split(' '));
    if (answer !== 'OK\n') throw new Error(`Redis does not take the rules: ${answer}`);
  }
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await redis.stop();
});

const urlFor = ({ name }: Pick<AclUser, 'name'>) => redis.url.replace('//', `//${name}:${password}@`);

/** Starts the reporter of a node with the Redis user of this node. */
function startReporter({ region, id }: typeof frankfurt, turnPort: number) {
  return stage.startReporter(turnPort, {
    REDIS_URL: urlFor({ name: `reporter-${region}-${id}` }),
    REGION: region,
    NODE_ID: id,
    OUTSIDE_PROBE_INTERVAL_SECONDS: '5',
  });
}

const provesAllPaths = (proof: NodeProof | undefined) => {
  return proof !== undefined && proof.paths.length > 0 && proof.paths.every(({ ok }) => ok);
};

test('reporters prove each other with the printed rules of Redis, and one with older rules still reports', async () => {
  await using first = await startCoturn({ secrets: [secret] });
  await using second = await startCoturn({ secrets: [secret] });
  await using registry = createRedisRegistry({
    url: redis.url,
    name: 'test',
    random: () => 0,
    commandTimeoutMs: 60_000,
  });
  await using _frankfurt = await startReporter(frankfurt, first.port);
  await using _virginia = await startReporter(virginia, second.port);
  await using refused = await startReporter(older, second.port);

  const between = [
    { target: virginia, prober: frankfurt },
    { target: frankfurt, prober: virginia },
  ];
  await eventually('a proof in each direction', async () => {
    return (await registry.proofs.readProofs(between)).every((proof) => provesAllPaths(proof));
  });
  for (const { target, prober } of between) {
    const name = `turn:proof:${target.region}:${target.id}:${prober.region}:${prober.id}`;
    const ttlMs = Number(await redis.cli('PTTL', name));
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(90_000);
    expect(await redis.cli('GET', name)).not.toContain(secret);
  }

  const probesOthers = async () => {
    const { records } = await registry.readAll();
    return Object.fromEntries(
      records.map(({ key, report }) => [key.id, [report.status, report.probes_others === true]]),
    );
  };
  await eventually('the reporter with older rules to prove no other nodes', async () => {
    return (await probesOthers())[older.id]?.[1] === false;
  });
  expect(await probesOthers()).toEqual({
    'node-01': ['healthy', true],
    'node-02': ['healthy', true],
    'node-03': ['healthy', false],
  });

  // Several rounds later there is still one message, and each record is fresh.
  const { proofs } = registry;
  const ofOlder = [{ target: older, prober: frankfurt }];
  await eventually('a proof of the node with older rules', async () =>
    provesAllPaths((await proofs.readProofs(ofOlder))[0]),
  );
  expect(refused.output().match(/"event":"outside.registry_refused"/g)).toHaveLength(1);
  expect(refused.output()).not.toContain('registry.request_refused');
  expect((await proofs.readAllProofs()).proofs.filter(({ prober }) => prober.id === older.id)).toEqual([]);
  // Redis has refused no other user a command.
  const refusedUsers = (await redis.cli('ACL', 'LOG'))
    .split('\n')
    .filter((_, index, lines) => lines[index - 1] === 'username');
  expect(new Set(refusedUsers)).toEqual(new Set(['reporter-us-east-1-node-03']));
}, 60_000);
