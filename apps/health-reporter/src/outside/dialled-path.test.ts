import { describe, expect, test } from '@jest/globals';
import { dialledPaths } from './dialled-path.ts';
import type { PublishedPath } from './published-path.ts';

const udp = (host: string, port = 3478): PublishedPath => ({ transport: 'udp', host, port });
const tls = (host: string): PublishedPath => ({ transport: 'tls', host, port: 443, serverName: host });

const zone: Record<string, readonly string[]> = {
  'both.test': ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
  'four.test': ['192.0.2.1'],
  'rebound.test': ['169.254.169.254', '127.0.0.1'],
  'half.test': ['127.0.0.1', '192.0.2.7', 'fe80::1'],
};

function resolver() {
  const asked: string[] = [];
  const lookup = (name: string): Promise<readonly string[]> => {
    asked.push(name);
    const found = zone[name];
    if (found !== undefined) return Promise.resolve(found);
    return Promise.reject(Object.assign(new Error(), { code: name === 'down.test' ? 'EAI_AGAIN' : 'ENOTFOUND' }));
  };
  return { asked, lookup };
}

async function textOf(paths: PublishedPath[], allowsLoopback = false) {
  const { lookup } = resolver();
  const dialled = await dialledPaths(paths, { lookup, rules: { allowsLoopback } });
  return dialled.map(({ transport, family, port, address, fault }) =>
    [transport, family, port, address ?? fault].join(' '),
  );
}

describe('the paths that are dialled', () => {
  test.each<[string, PublishedPath[], string[]]>([
    ['an address', [udp('192.0.2.1')], ['udp ipv4 3478 192.0.2.1']],
    ['a name of both families', [udp('both.test')], ['udp ipv4 3478 192.0.2.1', 'udp ipv6 3478 2001:db8::1']],
    ['a name of one family', [tls('four.test')], ['tls ipv4 443 192.0.2.1']],
    ['a name of forbidden addresses', [udp('rebound.test')], ['udp ipv4 3478 address_forbidden']],
    [
      'a name of some forbidden addresses',
      [udp('half.test')],
      ['udp ipv4 3478 192.0.2.7', 'udp ipv6 3478 address_forbidden'],
    ],
    ['a forbidden port', [udp('192.0.2.1', 22)], ['udp ipv4 22 address_forbidden']],
    ['a name without addresses', [tls('none.test')], ['tls ipv4 443 unreachable']],
    ["a fault of the prober's DNS says nothing", [tls('down.test')], ['tls ipv4 443 aborted']],
  ])('%s', async (_what, paths, expected) => {
    expect(await textOf(paths)).toEqual(expected);
  });

  test('have loopback addresses while the registry is on loopback', async () => {
    expect(await textOf([udp('rebound.test'), udp('127.0.0.1')], true)).toEqual([
      'udp ipv4 3478 127.0.0.1',
      'udp ipv4 3478 127.0.0.1',
    ]);
  });

  test('ask once for a name, and never for an address', async () => {
    const { asked, lookup } = resolver();
    await dialledPaths([udp('four.test'), tls('four.test'), udp('192.0.2.1')], {
      lookup,
      rules: { allowsLoopback: false },
    });
    expect(asked).toEqual(['four.test']);
  });
});
