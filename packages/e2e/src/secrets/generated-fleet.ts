import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  byForm,
  eventually,
  runTurnctl,
  startParts,
  startRedis,
  startReporter,
  startRouter,
  temporaryDirectory,
  type RunningProcess,
} from '@turn-router/testing';
import { parseKeyRing, type KeyRing } from '@turn-router/turn-credentials';
import { askForIceServers } from '../ask.ts';
import { policy } from '../policy.ts';
import { startGeneratedCoturn, type RotationWay } from './generated-coturn.ts';
import { turnEntries, type TurnEntry } from './turn-entries.ts';

const region = 'eu-central-1';
const reporterToken = 'an-unused-reporter-token';

/** Below the relay ports of other suites, because the reporter counts the ports in use. */
const relayPortsOf = { 'node-1': { min: 10_100, max: 10_999 }, 'node-2': { min: 11_000, max: 11_899 } } as const;

type NodeId = keyof typeof relayPortsOf;

export type GeneratedFleet = Awaited<ReturnType<typeof startGeneratedFleet>>;
export type GeneratedNode = GeneratedFleet['nodes'][number];

/** Starts routers with master keys, and two nodes with these ways. All secrets and configurations are the output of turnctl. */
export function startGeneratedFleet(ways: Readonly<Record<NodeId, RotationWay>>, masterKeys: string) {
  return startParts(async (add) => {
    const registry = add(await startRedis());
    const directory = add(await temporaryDirectory('generated-fleet'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const openRouter = (turnSecrets: string) =>
      startRouter({
        policyFile,
        turnSecrets,
        reporterToken,
        redisUrl: registry.url,
        environment: { TURN_SECRET_MODE: 'per-node', TRUSTED_PROXIES: '127.0.0.1' },
      });
    const nodesStarting = (['node-1', 'node-2'] as const).map(async (id) =>
      add(await startNode(id, ways[id], masterKeys, { directory: directory.path, redisUrl: registry.url })),
    );
    const routersStarting = Array.from({ length: byForm({ short: 1, full: 2 }) }, async () =>
      add(replaceable(await openRouter(masterKeys))),
    );
    // If one fails, all others must have been added before the parts are stopped.
    await Promise.allSettled([...nodesStarting, ...routersStarting]);
    const nodes = await Promise.all(nodesStarting);
    const routers = await Promise.all(routersStarting);

    let asked = 0;
    /** Sends one request to each router in turn, as a load balancer does. Each request has another caller. */
    async function ask(): Promise<TurnEntry[]> {
      asked += 1;
      const router = routers[asked % routers.length];
      if (router === undefined) throw new Error('no router');
      const forwardedFor = `198.51.100.${asked % 256}`;
      return turnEntries(await router.use(({ url }) => askForIceServers(url, { maxNodes: 2 }, { forwardedFor })));
    }
    async function untilBothNodes(): Promise<void> {
      for (const { use } of routers) await eventuallyBothNodes(() => use(({ url }) => hasBothNodes(url)));
    }
    await untilBothNodes();
    return {
      nodes,
      ask,
      registryUrl: registry.url,
      untilBothNodes,
      replaceRouters: async (turnSecrets: string) => {
        for (const router of routers)
          await router.replace(
            () => openRouter(turnSecrets),
            ({ url }) => eventuallyBothNodes(() => hasBothNodes(url)),
          );
      },
    };
  });
}

/** @throws Error with the nodes of the answer if one is missing */
async function hasBothNodes(url: string): Promise<true> {
  const { nodes } = await askForIceServers(url, { maxNodes: 2 });
  if (nodes.length < 2) throw new Error(`the router gave only ${JSON.stringify(nodes)}`);
  return true;
}

async function eventuallyBothNodes(ask: () => Promise<boolean>): Promise<void> {
  await eventually('the router to give both nodes in one answer', ask, { timeoutMs: 180_000 });
}

/** A router behind a load balancer. Its replacement gets the requests once it is ready. The first one ends after its last answer. */
function replaceable<Router extends RunningProcess>(first: Router) {
  let router = first;
  const started = [first];
  const uses = new Set<Promise<unknown>>();
  return {
    use: async <Answer>(ask: (current: Router) => Promise<Answer>): Promise<Answer> => {
      const use = ask(router);
      uses.add(use);
      return use.finally(() => uses.delete(use));
    },
    replace: async (open: () => Promise<Router>, isReady: (router: Router) => Promise<void>) => {
      const [before, next] = [router, await open()];
      started.push(next);
      await isReady(next);
      router = next;
      await Promise.allSettled(uses);
      await before.stop();
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(started.map((each) => each.stop()));
    },
  };
}

/** Derives the secrets of a node from the master keys, as a value for TURN_SECRETS. */
async function derive(masterKeys: string, name: string): Promise<{ text: string; keys: KeyRing }> {
  const text = (await runTurnctl(['secrets', 'derive', name], { TURN_SECRETS: masterKeys })).trim();
  const parsed = parseKeyRing(text);
  if (!parsed.ok) throw new Error('turnctl has printed no valid keys');
  return { text, keys: parsed.keyRing };
}

function startNode(
  id: NodeId,
  way: RotationWay,
  masterKeys: string,
  { directory, redisUrl }: { readonly directory: string; readonly redisUrl: string },
) {
  return startParts(async (add) => {
    const name = `${region}/${id}`;
    const drainFile = join(directory, `drain-${id}`);
    let secrets = await derive(masterKeys, name);
    const options = { way, realm: `${id}.test`, relayPorts: relayPortsOf[id], turnSecrets: secrets.text };
    const coturn = add(await startGeneratedCoturn(options));
    const openReporter = () =>
      startReporter({
        region,
        id,
        turnServer: { ...coturn.process(), ...coturn },
        turnSecrets: secrets.text,
        destination: { REDIS_URL: redisUrl },
        environment: {
          TURN_REALM: coturn.realm,
          DRAIN_FILE: drainFile,
          // A probe may take 0.8 intervals. coturn keeps the allocation of a probe that ends early for minutes, and the drain waits for it.
          REPORT_INTERVAL_SECONDS: '1',
          PROBE_PROOF_INTERVAL_SECONDS: '0',
          // One answer contains both nodes only if they are in different zones.
          ZONE: id,
        },
      });
    let reporter = await openReporter();
    add({ [Symbol.asyncDispose]: () => reporter.stop() });
    return {
      id,
      way,
      coturn,
      keys: () => secrets.keys,
      reporterOutput: () => reporter.output(),
      /** Derives the new secrets of the node. The reporter gets them at its next restart. */
      derive: async (newMasterKeys: string) => {
        secrets = await derive(newMasterKeys, name);
      },
      restartReporter: async () => {
        await reporter.stop();
        reporter = await openReporter();
      },
      turnSecrets: () => secrets.text,
      drain: () => writeFile(drainFile, ''),
      undrain: () => rm(drainFile),
    };
  });
}
