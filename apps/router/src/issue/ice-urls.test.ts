import { describe, expect, test } from '@jest/globals';
import type { Transport } from '@turn-router/contract/http';
import type { NodeReport } from '@turn-router/contract/registry';
import { stunUrl, turnUrls, urlsOfNode } from './ice-urls.ts';

const figures = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, port: 3478 } as const;
const overIpv4: NodeReport = { ...figures, public_ip: '192.0.2.50' };
const overIpv6: NodeReport = { ...figures, public_ipv6: '2001:db8::50' };
const overBoth: NodeReport = { ...overIpv4, ...overIpv6 };
const byName: NodeReport = { ...figures, hostname: 'turn-1.example.org' };
const withTls: NodeReport = { ...overIpv4, hostname: 'turn-1.example.org', tls_port: 443 };
const everything: NodeReport = { ...overBoth, ...withTls };

const plain: Transport[] = ['udp', 'tcp'];
const all: Transport[] = ['udp', 'tcp', 'tls'];

describe('the URLs of a node', () => {
  test.each<[node: string, report: NodeReport, offered: Transport[], wanted: Transport[] | undefined, urls: string[]]>([
    ['IPv4', overIpv4, plain, undefined, ['turn:192.0.2.50:3478?transport=udp', 'turn:192.0.2.50:3478?transport=tcp']],
    [
      'IPv6, in brackets',
      overIpv6,
      plain,
      undefined,
      ['turn:[2001:db8::50]:3478?transport=udp', 'turn:[2001:db8::50]:3478?transport=tcp'],
    ],
    [
      'both families: UDP over both, TCP over one',
      overBoth,
      plain,
      undefined,
      [
        'turn:192.0.2.50:3478?transport=udp',
        'turn:[2001:db8::50]:3478?transport=udp',
        'turn:192.0.2.50:3478?transport=tcp',
      ],
    ],
    [
      'a name alone',
      byName,
      plain,
      undefined,
      ['turn:turn-1.example.org:3478?transport=udp', 'turn:turn-1.example.org:3478?transport=tcp'],
    ],
    [
      'TLS by name, the rest by address',
      withTls,
      all,
      undefined,
      [
        'turn:192.0.2.50:3478?transport=udp',
        'turn:192.0.2.50:3478?transport=tcp',
        'turns:turn-1.example.org:443?transport=tcp',
      ],
    ],
    [
      'everything: four at most, the firewall-proof one among them',
      everything,
      all,
      undefined,
      [
        'turn:192.0.2.50:3478?transport=udp',
        'turn:[2001:db8::50]:3478?transport=udp',
        'turn:192.0.2.50:3478?transport=tcp',
        'turns:turn-1.example.org:443?transport=tcp',
      ],
    ],
    ['TLS that was not proven', withTls, ['udp'], undefined, ['turn:192.0.2.50:3478?transport=udp']],
    ['only TCP offered', overIpv4, ['tcp'], undefined, ['turn:192.0.2.50:3478?transport=tcp']],
    ['only TLS wanted', everything, all, ['tls'], ['turns:turn-1.example.org:443?transport=tcp']],
    ['TCP and TLS wanted, TCP offered', overIpv4, plain, ['tls', 'tcp'], ['turn:192.0.2.50:3478?transport=tcp']],
    [
      'wanted in another order',
      overIpv4,
      plain,
      ['tcp', 'udp'],
      ['turn:192.0.2.50:3478?transport=udp', 'turn:192.0.2.50:3478?transport=tcp'],
    ],
    ['nothing of what is wanted', overIpv4, ['udp'], ['tcp'], []],
  ])('%s', (_node, report, offered, wanted, urls) => {
    expect(turnUrls(report, offered, wanted)).toEqual(urls);
  });

  test.each([
    ['IPv4', overIpv4, 'stun:192.0.2.50:3478'],
    ['IPv6', overIpv6, 'stun:[2001:db8::50]:3478'],
    ['both', overBoth, 'stun:192.0.2.50:3478'],
    ['a name', byName, 'stun:turn-1.example.org:3478'],
    ['another port', { ...overIpv4, port: 65_535 }, 'stun:192.0.2.50:65535'],
  ])('STUN over %s', (_node, report, url) => {
    expect(stunUrl(report)).toBe(url);
  });
});

describe('the URLs of a node for a caller', () => {
  const node = { report: everything, transports: all };

  test('are computed once per report', () => {
    expect(urlsOfNode(node)).toEqual({ turn: turnUrls(everything, all), stun: [stunUrl(everything)] });
    expect(urlsOfNode(node)).toBe(urlsOfNode(node));
    expect(urlsOfNode({ report: overIpv4, transports: plain }).turn).toEqual(turnUrls(overIpv4, plain));
  });

  test.each([
    [undefined, true],
    [true, true],
    [false, false],
  ])('of which the report says stun: %j include STUN: %s', (stun, hasStun) => {
    const urls = urlsOfNode({ report: { ...everything, stun }, transports: all });
    expect(urls).toEqual({ turn: turnUrls(everything, all), stun: hasStun ? [stunUrl(everything)] : undefined });
    expect(urlsOfNode({ report: { ...everything, stun }, transports: all }, ['udp']).stun !== undefined).toBe(hasStun);
  });

  test.each<[wanted: Transport[], hasStun: boolean]>([
    [['udp'], true],
    [['tcp', 'udp'], true],
    [['tcp'], false],
    [['tls'], false],
  ])('for transports %j include STUN: %s', (wanted, hasStun) => {
    const { turn, stun } = urlsOfNode(node, wanted);
    expect(turn).toEqual(turnUrls(everything, all, wanted));
    expect(stun).toEqual(hasStun ? [stunUrl(everything)] : undefined);
    expect(urlsOfNode(node).turn).toEqual(turnUrls(everything, all));
  });
});
