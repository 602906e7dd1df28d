import { existsSync } from 'node:fs';
import type { RunningProcess } from '../process/start-process.ts';
import type { Network } from './enter-network.ts';
import { runIn, startHolder } from './network-holder.ts';

/** A host of the network, with its addresses. */
export type RoutedHost = Network & {
  readonly address: string;
  readonly ipv6: string;
  /** Runs a program on the host, and returns what it prints to stdout. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** Replaces the firewall of the host: lines of chains of an nftables table `inet`. Without lines, everything passes. */
  setFirewall(...lines: readonly string[]): Promise<void>;
};

/** Two hosts in different networks, and the router between them. Disposing removes them, as does the end of their processes. */
export interface RoutedNetwork extends AsyncDisposable {
  readonly near: RoutedHost;
  readonly far: RoutedHost;
  readonly router: RoutedHost;
}

/** Why this machine cannot have such a network; undefined if it can. */
export function whyNoRoutedNetwork(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  const directories = (process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin');
  const missing = ['ip', 'nft', 'nsenter', 'unshare'].filter(
    (program) => !directories.some((directory) => existsSync(`${directory}/${program}`)),
  );
  return missing.length === 0 ? undefined : `needs the programs ${missing.join(', ')}`;
}

/**
 * Starts the network: `near` – `router` – `far`, joined by veth pairs. Its addresses are those of documents (RFC 5737, RFC 3849). The router
 * forwards, so each packet between the hosts loses one of its hops. Nothing of the machine's own network changes.
 */
export async function startRoutedNetwork(): Promise<RoutedNetwork> {
  const holders = await Promise.all(['near', 'router', 'far'].map(startHolder));
  const stop = () => Promise.all(holders.map((holder) => holder.stop())).then(() => undefined);
  try {
    const [near, router, far] = [
      hostOf(holders[0], '198.51.100.2', '2001:db8:1::2'),
      hostOf(holders[1], '198.51.100.1', '2001:db8:1::1'),
      hostOf(holders[2], '203.0.113.2', '2001:db8:2::2'),
    ];
    await join(near, router, 'near0');
    await join(far, router, 'far0', { address: '203.0.113.1', ipv6: '2001:db8:2::1' });
    await router.run('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
    return { near, router, far, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function hostOf(holder: RunningProcess | undefined, address: string, ipv6: string): RoutedHost {
  if (holder === undefined) throw new Error('no process for this host');
  const run = (command: string, ...args: readonly string[]) => runIn(holder, command, ...args);
  return {
    pid: holder.pid,
    address,
    ipv6,
    run,
    async setFirewall(...lines) {
      await run('nft', 'flush ruleset');
      if (lines.length > 0) await run('nft', `table inet test {\n${lines.join('\n')}\n}`);
    },
  };
}

/** Joins a host and the router by a cable. `at` has the addresses of the router on this cable. */
async function join(
  host: RoutedHost,
  router: RoutedHost,
  name: string,
  at: Pick<RoutedHost, 'address' | 'ipv6'> = router,
): Promise<void> {
  await router.run('ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(host.pid));
  for (const [on, link, { address, ipv6 }] of [
    [host, 'eth0', host],
    [router, name, at],
  ] as const) {
    await on.run('ip', 'address', 'add', `${address}/24`, 'dev', link);
    // Without `nodad` the address is not usable for a second.
    await on.run('ip', 'address', 'add', `${ipv6}/64`, 'dev', link, 'nodad');
    await on.run('ip', 'link', 'set', link, 'up');
    await on.run('ip', 'link', 'set', 'lo', 'up');
  }
  await host.run('ip', 'route', 'add', 'default', 'via', at.address);
  await host.run('ip', '-6', 'route', 'add', 'default', 'via', at.ipv6);
}
