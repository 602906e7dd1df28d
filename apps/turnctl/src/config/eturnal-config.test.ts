import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { deprecatedEturnalKeys, eturnalKeys, eturnalListenKeys } from './eturnal-reference.fixture.ts';
import { fullNode, north, runConfig, south, tlsFiles } from './run-config.fixture.ts';

const fileSchema = z.strictObject({ eturnal: z.record(z.string(), z.unknown()) });

async function eturnalOf(environment: Record<string, string>, ...args: string[]) {
  const { status, stdout, stderr } = await runConfig(environment, 'eturnal', ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return fileSchema.parse(parse(stdout)).eturnal;
}

describe('turnctl config eturnal', () => {
  test('contains all settings of the node, and only keys of the reference', async () => {
    const eturnal = await eturnalOf(fullNode, ...tlsFiles, '--with-secrets');
    expect(eturnal).toMatchObject({
      secret: [south, north],
      realm: 'turn-1.example.org',
      relay_ipv4_addr: '192.0.2.50',
      relay_ipv6_addr: '2001:db8::50',
      relay_min_port: 20_000,
      relay_max_port: 20_099,
      tls_crt_file: '/etc/turn/chain.pem',
      tls_key_file: '/etc/turn/key.pem',
      tls_options: ['no_tlsv1', 'no_tlsv1_1', 'cipher_server_preference'],
      blacklist_peers: expect.arrayContaining(['recommended', '10.0.0.0/8', '::1/128', 'fc00::/7']),
    });
    expect(eturnal['listen']).toEqual(
      ['127.0.0.1', '::1', '192.0.2.50', '2001:db8::50'].flatMap((ip) => [
        { ip, port: 3_479, transport: 'udp' },
        { ip, port: 3_479, transport: 'tcp' },
        { ip, port: 443, transport: 'tls' },
      ]),
    );
    expect(eturnalKeys).toEqual(expect.arrayContaining(Object.keys(eturnal)));
    expect(Object.keys(eturnal)).not.toEqual(expect.arrayContaining([...deprecatedEturnalKeys]));
    const listen = z.array(z.record(z.string(), z.unknown())).parse(eturnal['listen']);
    expect(eturnalListenKeys).toEqual(expect.arrayContaining(listen.flatMap((entry) => Object.keys(entry))));
  });

  test('contains no TLS settings without TURN_TLS_PORT, and allows a private address of the server itself', async () => {
    const eturnal = await eturnalOf({ PUBLIC_IP: '10.0.0.7' });
    expect(Object.keys(eturnal).filter((key) => key.startsWith('tls'))).toEqual([]);
    expect(eturnal['whitelist_peers']).toEqual(['10.0.0.7']);
    expect(await eturnalOf(fullNode, ...tlsFiles)).not.toHaveProperty('whitelist_peers');
  });

  test('listens on the private address behind a NAT, and shows the public address to peers', async () => {
    const eturnal = await eturnalOf({ PUBLIC_IP: '192.0.2.50' }, '--relay-ip', '10.0.0.7');
    expect(eturnal).toMatchObject({ relay_ipv4_addr: '192.0.2.50' });
    expect(JSON.stringify(eturnal['listen'])).toContain('"10.0.0.7"');
    expect(JSON.stringify(eturnal['listen'])).not.toContain('"192.0.2.50"');
  });

  // eturnal rejects an empty secret. But if the secret is missing, eturnal uses a random secret without a warning.
  test('contains an empty secret without --with-secrets, because eturnal rejects an empty secret', async () => {
    const { stdout } = await runConfig(fullNode, 'eturnal', ...tlsFiles);
    expect(fileSchema.parse(parse(stdout)).eturnal['secret']).toBe('');
    expect(stdout).not.toContain(north);
    expect(stdout).not.toContain(south);
  });
});
