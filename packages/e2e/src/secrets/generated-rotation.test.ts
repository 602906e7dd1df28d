import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { allocateAndRelease, holdAllocation, type HeldRelay } from '@turn-router/stun';
import { byForm, eventually, runTurnctl, tryTurnctl } from '@turn-router/testing';
import { startCallers, type Callers } from './callers.ts';
import type { RotationWay } from './generated-coturn.ts';
import { startGeneratedFleet, type GeneratedFleet, type GeneratedNode } from './generated-fleet.ts';
import { portOf } from './turn-entries.ts';

const allocationsMin = byForm({ short: 100, full: 10_000 });

/** A relay that is held for the whole rotation. */
const heldForMs = 3_600_000;

const serverOf = ({ coturn }: GeneratedNode) =>
  ({ host: coturn.address, port: coturn.port, transport: 'udp' }) as const;

/** Gets a credential for a node from a router. */
async function credentialFor({ ask }: GeneratedFleet, { coturn }: GeneratedNode) {
  return eventually(`a credential for the server on port ${coturn.port}`, async () =>
    (await ask()).find((entry) => portOf(entry) === coturn.port),
  );
}

async function hold(fleet: GeneratedFleet, node: GeneratedNode) {
  const credential = await credentialFor(fleet, node);
  return { credential, relay: await holdAllocation(serverOf(node), credential, { timeoutMs: heldForMs }) };
}

/** Drains the node, waits for its last relay, restarts its coturn with its present secrets, and undrains. */
async function drainAndRestart(fleet: GeneratedFleet, node: GeneratedNode): Promise<void> {
  const ended = '"event":"drain.ended"';
  const before = node.reporterOutput().split(ended).length;
  const { relay } = await hold(fleet, node);
  await node.drain();
  await eventually('no call to the draining node', async () =>
    (await Promise.all([fleet.ask(), fleet.ask()])).flat().every((entry) => portOf(entry) !== node.coturn.port),
  );
  await relay.refresh();
  expect(node.reporterOutput().split(ended)).toHaveLength(before);
  await relay[Symbol.asyncDispose]();
  await eventually('the end of the drain', () => node.reporterOutput().split(ended).length > before);
  expect(node.reporterOutput().split(ended).at(-1)).toMatch(/^,"end":"empty"/);
  await node.coturn.restart(node.turnSecrets());
  await node.undrain();
  await fleet.untilBothNodes();
}

/** Does the five steps of apps/health-reporter/docs/secrets.md, and calls `afterStep` after each of them. */
async function rotate(
  fleet: GeneratedFleet,
  masterKeys: string,
  { callers, afterStep }: { readonly callers: Callers; readonly afterStep: () => Promise<void> },
): Promise<void> {
  const both = (await runTurnctl(['secrets', 'rotate', '--id', 'new'], { TURN_SECRETS: masterKeys })).trim();
  await afterStep();

  await derive(fleet, both);
  await giveToRoutersAndReporters(fleet, both);
  await afterStep();

  for (const node of fleet.nodes) {
    if (node.way === 'redis-userdb') await node.coturn.store(node.turnSecrets());
    else await drainAndRestart(fleet, node);
  }
  await afterStep();

  const environment = { TURN_SECRETS: both, REDIS_URL: fleet.registryUrl };
  const retireOld = async () => {
    const { exitCode, stdout } = await tryTurnctl(['secrets', 'retire', 'old'], environment);
    return exitCode === 0 && stdout.trim();
  };
  const remaining = await eventually('every node to have proven the new key', retireOld, { everyMs: 500 });
  // Every caller uses its credential at once, so the rotation needs not wait for the longest TTL.
  await callers.until('calls with the new key', allocationsMin / 5, ({ keyId }) => keyId === 'new');
  await afterStep();

  await derive(fleet, remaining);
  for (const node of fleet.nodes) {
    if (node.way === 'redis-userdb') await node.coturn.store(node.turnSecrets(), '--remove-others');
    else await drainAndRestart(fleet, node);
  }
  await giveToRoutersAndReporters(fleet, remaining);
  await afterStep();
}

const derive = (fleet: GeneratedFleet, masterKeys: string) =>
  Promise.all(fleet.nodes.map((node) => node.derive(masterKeys)));

/** Replaces one router after the other, and restarts one reporter after the other. */
async function giveToRoutersAndReporters(fleet: GeneratedFleet, masterKeys: string): Promise<void> {
  const restartReporters = async () => {
    for (const node of fleet.nodes) {
      await node.restartReporter();
      await fleet.untilBothNodes();
    }
  };
  await Promise.all([fleet.replaceRouters(masterKeys), restartReporters()]);
}

test.each<[what: string, first: RotationWay, second: RotationWay]>(
  byForm<[string, RotationWay, RotationWay][]>({
    short: [['redis-userdb on one node and restarts on the other', 'redis-userdb', 'restart']],
    full: [
      ['redis-userdb', 'redis-userdb', 'redis-userdb'],
      ['restart', 'restart', 'restart'],
    ],
  }),
)(
  `with %s, a rotation with turnctl's output ends no relay, and none of ${allocationsMin} allocations fails`,
  async (_what, first, second) => {
    const masterKeys = `old=${randomBytes(32).toString('base64url')}`;
    await using fleet = await startGeneratedFleet({ 'node-1': first, 'node-2': second }, masterKeys);
    const callers = startCallers({
      callers: byForm({ short: 2, full: 8 }),
      pauseMs: byForm({ short: 100, full: 0 }),
      allocationsMin,
      ask: fleet.ask,
      nodes: () => fleet.nodes.map(({ id, coturn, keys }) => ({ id, port: coturn.port, keys: keys() })),
    });
    const held = await Promise.all(
      fleet.nodes.filter(({ way }) => way === 'redis-userdb').map((node) => hold(fleet, node)),
    );
    const old = await Promise.all(fleet.nodes.map((node) => credentialFor(fleet, node)));
    async function afterStep(): Promise<void> {
      await callers.until('calls after a step', allocationsMin / 5, () => true);
      for (const { relay } of held) await relay.refresh();
    }
    try {
      await rotate(fleet, masterKeys, { callers, afterStep });
    } finally {
      await callers.stop();
    }
    expect(callers.faults).toEqual([]);
    expect(callers.calls.length).toBeGreaterThanOrEqual(allocationsMin);
    const seen = new Set(callers.calls.map(({ node, keyId }) => `${node} ${keyId}`));
    expect(seen).toEqual(new Set(['node-1 old', 'node-1 new', 'node-2 old', 'node-2 new']));
    await release(held.map(({ relay }) => relay));

    for (const [index, node] of fleet.nodes.entries()) {
      const credential = old[index];
      if (credential === undefined) throw new Error('expected a credential for each node');
      const refused = allocateAndRelease(serverOf(node), credential, { timeoutMs: 60_000 });
      await expect(refused).rejects.toMatchObject({ fault: 'credentials_refused' });
    }
  },
  byForm({ short: 300_000, full: 3_600_000 }),
);

/** Refreshes the relays a last time, which fails if the server has ended them, and releases them. */
async function release(relays: readonly HeldRelay[]): Promise<void> {
  for (const relay of relays) {
    await relay.refresh();
    await relay[Symbol.asyncDispose]();
  }
}
