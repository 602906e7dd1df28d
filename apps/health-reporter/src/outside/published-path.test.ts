import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import { publishedPaths } from './published-path.ts';

const report = (fields: Partial<NodeReport>): NodeReport => ({
  status: 'healthy',
  cpu: 1,
  bandwidth_mbps: 1,
  port: 3478,
  ...fields,
});
const address = { public_ip: '192.0.2.1' };
const both = { ...address, public_ipv6: '2001:db8::1' };
const named = { hostname: 'turn.example.org', tls_port: 443 };

const textOf = (fields: Partial<NodeReport>) =>
  publishedPaths(report(fields)).map(({ transport, host, port, serverName }) =>
    [transport, host, port, serverName ?? ''].join(' ').trimEnd(),
  );

describe('the paths of a record', () => {
  test.each<[string, Partial<NodeReport>, string[]]>([
    ['an IPv4 address', address, ['udp 192.0.2.1 3478', 'tcp 192.0.2.1 3478']],
    [
      'addresses of both families: callers get TCP at the first',
      both,
      ['udp 192.0.2.1 3478', 'udp 2001:db8::1 3478', 'tcp 192.0.2.1 3478'],
    ],
    ['an IPv6 address', { public_ipv6: '2001:db8::1' }, ['udp 2001:db8::1 3478', 'tcp 2001:db8::1 3478']],
    ['only a name', { hostname: 'turn.example.org' }, ['udp turn.example.org 3478', 'tcp turn.example.org 3478']],
    [
      'TLS at the name',
      { ...address, ...named, transports: ['udp', 'tls'] },
      ['udp 192.0.2.1 3478', 'tls turn.example.org 443 turn.example.org'],
    ],
    ['TLS that is not proven', { ...address, ...named }, ['udp 192.0.2.1 3478', 'tcp 192.0.2.1 3478']],
    ['TLS without a name', { ...address, tls_port: 443, transports: ['tls'] }, []],
    ['one proven transport', { ...address, transports: ['tcp'] }, ['tcp 192.0.2.1 3478']],
  ])('%s', (_what, fields, paths) => {
    expect(textOf(fields)).toEqual(paths);
  });
});
