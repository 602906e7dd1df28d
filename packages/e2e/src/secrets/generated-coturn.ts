import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { aclCommandFrom, coturnAcl, secretStoreAcl } from '@turn-router/registry';
import { coturnVersionFrom, isOlderCoturn, sendBinding } from '@turn-router/stun';
import { freePort, runTurnctl, startProcess, startParts, startRedis, temporaryDirectory } from '@turn-router/testing';

/** `redis-userdb`: coturn reads its secrets from a Redis. `restart`: they are in its configuration, which it reads only at its start. */
export type RotationWay = 'redis-userdb' | 'restart';

export type GeneratedCoturnOptions = {
  readonly way: RotationWay;
  readonly realm: string;
  readonly relayPorts: { readonly min: number; readonly max: number };
  readonly turnSecrets: string;
};

/** Starts a coturn on loopback with the configuration that turnctl writes. */
export function startGeneratedCoturn({ way, realm, relayPorts, turnSecrets }: GeneratedCoturnOptions) {
  return startParts(async (add) => {
    const version = (await promisify(execFile)('turnserver', ['--version'])).stdout.trim();
    const directory = add(await temporaryDirectory('generated-coturn'));
    const port = await freePort();
    const redis = way === 'restart' ? undefined : add(await startSecretRedis(realm, version));
    const file = join(directory.path, 'turnserver.conf');
    const environment = {
      PUBLIC_IP: '127.0.0.1',
      TURN_PORT: `${port}`,
      TURN_REALM: realm,
      RELAY_MIN_PORT: `${relayPorts.min}`,
      RELAY_MAX_PORT: `${relayPorts.max}`,
    };
    /** Settings that only tests need. The database of a coturn with redis-userdb is Redis. */
    const additions = [
      'allow-loopback-peers',
      'allowed-peer-ip=127.0.0.1',
      `pidfile=${join(directory.path, 'turnserver.pid')}`,
      ...(redis === undefined ? [`userdb=${join(directory.path, 'turndb')}`] : []),
    ];

    async function configure(secrets: string): Promise<void> {
      const options = ['--with-secrets', ...(redis === undefined ? [] : ['--redis-userdb'])];
      await runTurnctl(['config', 'coturn', '--coturn-version', version, ...options, '-o', file], {
        ...environment,
        TURN_SECRETS: secrets,
        ...(redis && { COTURN_REDIS_URL: redis.coturnUrl }),
      });
      await appendFile(file, additions.map((line) => `${line}\n`).join(''));
    }
    async function store(secrets: string, ...options: string[]): Promise<void> {
      if (redis === undefined) throw new Error('this coturn has its secrets in its configuration');
      await runTurnctl(['secrets', 'store', ...options], {
        ...environment,
        TURN_SECRETS: secrets,
        COTURN_REDIS_URL: redis.storeUrl,
      });
    }
    const startServer = () =>
      startProcess({
        name: `turnserver on port ${port}`,
        command: 'turnserver',
        args: ['-c', file],
        isReady: () =>
          Promise.all(
            (['tcp', 'udp'] as const).map((transport) => sendsBinding({ host: '127.0.0.1', port, transport })),
          ).then((answers) => answers.every(Boolean)),
      });

    await configure(turnSecrets);
    if (redis !== undefined) await store(turnSecrets);
    let server = await startServer();
    add({ [Symbol.asyncDispose]: () => server.stop() });
    return {
      port,
      realm,
      relayPorts,
      address: '127.0.0.1',
      store,
      /** Ends all relays. */
      restart: async (secrets: string) => {
        await configure(secrets);
        await server.stop();
        server = await startServer();
      },
      process: () => server,
    };
  });
}

function sendsBinding(server: Parameters<typeof sendBinding>[0]): Promise<boolean> {
  return sendBinding(server, { timeoutMs: 1_000 }).then(
    () => true,
    () => false,
  );
}

/** Starts a Redis with the two users that `npm run redis-acl` prints. A coturn before 4.6.3 logs in as `default`. */
async function startSecretRedis(realm: string, coturnVersion: string) {
  const server = await startRedis();
  const version = coturnVersionFrom(`coturn-${coturnVersion}`);
  const isOld = version === undefined || isOlderCoturn(version, [4, 6, 3]);
  const password = randomBytes(16).toString('base64url');
  const passwordSha256 = createHash('sha256').update(password).digest('hex');
  const reader = coturnAcl(realm, { passwordSha256 });
  const writer = secretStoreAcl(realm, { passwordSha256 });
  for (const user of [writer, isOld ? { ...reader, name: 'default' } : reader]) {
    const answer = await server.cli(...aclCommandFrom(user).split(' '));
    if (answer !== 'OK\n') throw new Error(`Redis does not take the rules: ${answer}`);
  }
  const urlFor = (user: string) => server.url.replace('//', `//${user}:${password}@`);
  return {
    coturnUrl: urlFor(isOld ? '' : reader.name),
    storeUrl: urlFor(writer.name),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
