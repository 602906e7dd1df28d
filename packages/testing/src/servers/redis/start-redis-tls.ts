import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../fixtures/free-port.ts';
import { temporaryDirectory } from '../../fixtures/temporary-directory.ts';
import { startRedis, type RedisServer } from './start-redis.ts';

export type RedisTlsServer = RedisServer & {
  readonly tlsPort: number;
  /** `rediss://…`, without the certificate authority. */
  readonly tlsUrl: string;
  /** PEM file of the authority that signed the server certificate. That certificate is for `localhost` and 127.0.0.1. */
  readonly caFile: string;
};

/** Starts a redis-server with TLS on one port. A second port is unencrypted, so that tests can inspect the data. */
export async function startRedisTls(options: { args?: readonly string[] } = {}): Promise<RedisTlsServer> {
  const directory = await temporaryDirectory('redis-tls');
  const file = (name: string) => join(directory.path, name);
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: directory.path });
  try {
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    await openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=test authority',
    );
    await openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      'server.key',
      '-out',
      'server.pem',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    );
    const tlsPort = await freePort();
    const server = await startRedis({
      args: [
        '--tls-port',
        `${tlsPort}`,
        '--tls-cert-file',
        file('server.pem'),
        '--tls-key-file',
        file('server.key'),
        '--tls-ca-cert-file',
        file('ca.pem'),
        '--tls-auth-clients',
        'no',
        ...(options.args ?? []),
      ],
    });
    const stop = async (graceMs?: number) => {
      await server.stop(graceMs);
      await directory[Symbol.asyncDispose]();
    };
    return {
      ...server,
      tlsPort,
      tlsUrl: `rediss://127.0.0.1:${tlsPort}`,
      caFile: file('ca.pem'),
      stop,
      [Symbol.asyncDispose]: () => stop(),
    };
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
}
