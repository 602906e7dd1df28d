import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  eventually,
  freePort,
  runTurnctl,
  signJwt,
  startCoturn,
  startParts,
  startRedis,
  startReporter,
  startRouter,
  temporaryDirectory,
} from '@turn-router/testing';
import { keyRingText, nodeKeyRing, nodeToken, type KeyRing } from '@turn-router/turn-credentials';

const region = 'us-east-1';
const node = `${region}/node-01`;
const policy = `
defaultRegion: ${region}
regions:
  ${region}: {location: [38.95, -77.45]}
limits: {perAddressPerMinute: 10000, perUserPerMinute: 10000, perKeyPerMinute: 10000}
`;

const draw = () => randomBytes(24).toString('base64url');

/** Draws every secret that is known before the run. Callers also send some of them to a router that does not know them. */
function drawSecrets() {
  const master: KeyRing = {
    keys: [
      { id: 'new', secret: draw() },
      { id: 'old', secret: draw() },
    ],
  };
  const jwtSecret = draw();
  const nowSeconds = Math.floor(Date.now() / 1000);
  const reporterToken = draw();
  return {
    master,
    ofNode: nodeKeyRing(master, node),
    reporterToken,
    nodeToken: nodeToken(reporterToken, node),
    redisPassword: draw(),
    adminToken: draw(),
    viewerToken: draw(),
    peerSecret: draw(),
    jwtSecret,
    jwt: signJwt({ sub: 'alice-of-the-north', exp: nowSeconds + 3_600 }, jwtSecret),
    expiredJwt: signJwt({ sub: 'alice-of-the-north', exp: nowSeconds - 3_600 }, jwtSecret),
    forgedJwt: signJwt({ sub: 'alice-of-the-north', exp: nowSeconds + 3_600 }, draw()),
  };
}

export type LeakStage = Awaited<ReturnType<typeof startLeakStage>>;

/**
 * Starts two routers that log at trace level. One uses a Redis with a password and per-node secrets, and allows every way of authentication.
 * The other uses the embedded registry, with reports over HTTP. One coturn is a node of both.
 */
export function startLeakStage() {
  const secrets = drawSecrets();
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('leaks'));
    const stateDir = add(await temporaryDirectory('leaks-state'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const redis = add(await startRedis({ args: ['--requirepass', secrets.redisPassword] }));
    const redisUrl = `redis://:${secrets.redisPassword}@127.0.0.1:${redis.port}`;
    const peerPort = await freePort();
    const common = {
      LOG_LEVEL: 'trace',
      JWT_SECRET: secrets.jwtSecret,
      ADMIN_TOKEN: secrets.adminToken,
      ADMIN_VIEWER_TOKEN: secrets.viewerToken,
    };
    const [apiKey, onRedis, alone, coturn] = await Promise.all([
      runTurnctl(['keys', 'create', 'web'], { REDIS_URL: redisUrl }),
      startRouter({
        policyFile,
        turnSecrets: keyRingText(secrets.master),
        reporterToken: secrets.reporterToken,
        redisUrl,
        environment: {
          ...common,
          AUTH: 'anonymous,api-key,jwt',
          TURN_SECRET_MODE: 'per-node',
          STATE_DIR: stateDir.path,
          // The router itself, and a peer that does not exist.
          PEERS: `127.0.0.1:${peerPort},127.0.0.1:1`,
          PEER_SECRET: secrets.peerSecret,
          PEER_HOST: '127.0.0.1',
          PEER_PORT: `${peerPort}`,
        },
      }).then(add),
      startRouter({
        policyFile,
        turnSecrets: keyRingText(secrets.ofNode),
        reporterToken: secrets.reporterToken,
        environment: { ...common, AUTH: 'jwt,anonymous' },
      }).then(add),
      startCoturn({ secrets: secrets.ofNode.keys.map(({ secret }) => secret), config: ['verbose'] }).then(add),
    ]);
    const destinations = [
      { REDIS_URL: redisUrl },
      { ROUTER_URL: alone.url, REPORTER_TOKEN: secrets.nodeToken },
    ] as const;
    const reporters = await Promise.all(
      destinations.map(async (destination) =>
        add(
          await startReporter({
            region,
            id: 'node-01',
            turnServer: coturn,
            turnSecrets: keyRingText(secrets.ofNode),
            destination,
            environment: { LOG_LEVEL: 'trace', REPORT_INTERVAL_SECONDS: '1' },
          }),
        ),
      ),
    );
    const routers = [onRedis, alone] as const;
    await eventually('both routers to be ready and to know the node', async () => {
      const readiness = await Promise.all(routers.map(async ({ url }) => (await fetch(`${url}/readyz`)).text()));
      return readiness.every((text) => text.includes('"healthyNodes":1'));
    });
    const [toRedis, toRouter] = reporters;
    if (toRedis === undefined || toRouter === undefined) throw new Error('expected a reporter for each destination');
    const processes = {
      onRedis,
      alone,
      coturn,
      'the reporter to Redis': toRedis,
      'the reporter to a router': toRouter,
    };
    return {
      secrets,
      apiKey: apiKey.trim(),
      redis,
      redisUrl,
      stateDir: stateDir.path,
      node,
      onRedis,
      alone,
      processes,
    };
  });
}
